// A package as a lockfile pins it, whatever the format.

export type Locked = Readonly<{
  name: string;
  version: string;
  /** Where it is fetched, if the file says so. */
  source?: string | undefined;
  /** Of what → the checksum. */
  sums: ReadonlyMap<string, string>;
  /** Checksums stand for files: none in common means others. Else for algorithms: a stronger may take a weaker's place. */
  isByFile?: boolean;
  /** What is really fetched under that name, where the address tells. */
  isReally?: string | undefined;
  /** A new package of this kind may come from there. */
  isUsual?: boolean;
  /** Comes from a registry, so it should have one. */
  wantsSum?: boolean;
}>;

/** `sha512-… sha1-…`: a stronger sum may stand in the place of a weaker one, or beside it. */
export function sumsOf(integrity: unknown): Map<string, string> {
  const sums = typeof integrity === 'string' ? integrity.trim().split(/\s+/).filter(Boolean) : [];
  return new Map(sums.map((sum) => [sum.split('-')[0] ?? '', sum]));
}
