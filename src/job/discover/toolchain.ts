// What is known of a project's top folder, and what a toolchain in it can run. Types only.

/** The top of a repository: names (folders end in `/`), and the texts of the files in `FILES_READ` (discover-checks.ts) that are there. */
export type Top = Readonly<{
  names: ReadonlySet<string>;
  texts: Readonly<Record<string, string>>;
  /** The texts of the package.json of each package below the root, where it names some. */
  packages?: readonly string[];
}>;

/** What one toolchain brings: `needs` are programs without which none of it can run. */
export type Toolchain = Readonly<{
  /** Such as `npm` or `Go`, for people. */
  title: string;
  language: string;
  needs: readonly string[];
  /** Makes a fresh checkout ready; most of it fetches packages. */
  setup: readonly string[];
  /** `notIn`: packages of a monorepo that have no such script, for people. */
  checks: readonly Readonly<{ name: string; command: string; notIn?: string }>[];
  /** Obvious commands that are better not run, and why. */
  left: readonly Readonly<{ name: string; command: string; why: string }>[];
}>;
