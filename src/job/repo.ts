// The name of a repository. Pure.

/** A repository on the Git host, e.g. `{ owner: 'acme', name: 'shop' }`. */
export type Repo = Readonly<{ owner: string; name: string }>;

// GitHub's own rules: logins are letters, digits and single hyphens; names add dots and underscores.
const REPO = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/;

/** Reads `owner/name`; undefined when it is anything else (including `..` and names that end in `.git`). */
export function parseRepo(text: string): Repo | undefined {
  const [, owner, name] = REPO.exec(text) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  if (name === '.' || name === '..' || name.toLowerCase().endsWith('.git')) return undefined;
  return { owner, name };
}

/** Writes `owner/name`. */
export function formatRepo(repo: Repo): string {
  return `${repo.owner}/${repo.name}`;
}

/** GitHub's names are case-insensitive; so is this. */
export function sameRepo(a: Repo, b: Repo): boolean {
  return formatRepo(a).toLowerCase() === formatRepo(b).toLowerCase();
}
