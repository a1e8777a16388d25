// Who is calling: personal tokens, the App's signed JWT, and installation tokens narrowed to repositories and permissions.
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { z } from 'zod';
import { apiError } from './answer.ts';
import type { Level, Permissions, Repository } from './state.ts';

export type Identity =
  | { kind: 'none' }
  | { kind: 'user'; login: string; permissions: Permissions | 'all' }
  | { kind: 'app' }
  | {
      kind: 'installation';
      login: string;
      owner: string;
      repositories: ReadonlySet<number> | 'all';
      permissions: Permissions;
      expiresAt: Date;
    };
export type AppOptions = {
  appId: number | string;
  privateKeyPem: string;
  slug?: string;
  permissions?: Permissions;
};

/** What FACTS §2.1 asks of an App; no `workflows`, so pushes that touch them are refused. */
const APP_PERMISSIONS: Permissions = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'read',
  statuses: 'read',
  actions: 'read',
};
const TOKEN_LIFE_MS = 60 * 60_000;
const JWT_LIFE_MAX_S = 600;
/** GitHub's tolerance for clocks that differ. */
const CLOCK_SKEW_S = 60;

const jwtPayload = z.object({ iss: z.union([z.string(), z.number()]), exp: z.number(), iat: z.number() });

/** Holds the tokens that are valid and tells who is behind an Authorization header. */
export function createAuth(options: { now: () => Date; app?: AppOptions | undefined }) {
  const { now, app } = options;
  const tokens = new Map<string, Identity>();
  /** When git's own servers hear of a token. */
  const knownToGitAt = new Map<string, number>();
  let gitLagMs = 0;
  const slug = app?.slug ?? 'errand-local';
  const publicKey = app ? createPublicKey(app.privateKeyPem) : undefined;

  function verifyJwt(jwt: string): Identity {
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const signed = Buffer.from(`${header}.${payload}`);
    if (!publicKey || !verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))) {
      throw apiError(401, 'A JSON web token could not be decoded');
    }
    const claims = jwtPayload.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    if (!claims.success) throw apiError(401, 'A JSON web token could not be decoded');
    const nowS = now().getTime() / 1000;
    if (String(claims.data.iss) !== String(app?.appId)) throw apiError(404, 'Integration not found');
    if (claims.data.exp <= nowS) {
      const rule = 'must be a numeric value representing the future time at which the assertion expires';
      throw apiError(401, `'Expiration time' claim ('exp') ${rule}`);
    }
    if (claims.data.exp > nowS + JWT_LIFE_MAX_S + CLOCK_SKEW_S) {
      throw apiError(401, "'Expiration time' claim ('exp') is too far in the future");
    }
    return { kind: 'app' };
  }

  return {
    slug,
    botLogin: `${slug}[bot]`,
    appId: Number(app?.appId ?? 0),
    permissions: app?.permissions ?? APP_PERMISSIONS,
    /** Makes `token` the personal token of `login`; without `permissions` it may do all its owner may. */
    addToken(token: string, login: string, permissions?: Permissions) {
      tokens.set(token, { kind: 'user', login, permissions: permissions ?? 'all' });
    },
    /** Mints an installation token that lives one hour. */
    mint(scope: { owner: string; repositories: ReadonlySet<number> | 'all'; permissions: Permissions }) {
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      const expiresAt = new Date(now().getTime() + TOKEN_LIFE_MS);
      tokens.set(token, { kind: 'installation', login: `${slug}[bot]`, ...scope, expiresAt });
      knownToGitAt.set(token, now().getTime() + gitLagMs);
      return { token, expiresAt };
    },
    /** Forgets a token, as when its hour is over or somebody revoked it. Without a name: all installation tokens. */
    revoke(token?: string) {
      if (token !== undefined) tokens.delete(token);
      else for (const [name, who] of tokens) if (who.kind === 'installation') tokens.delete(name);
    },
    /** From now on git refuses an installation's token for so long after it was minted: its copies of GitHub lag behind. */
    delayTokens(lagMs: number) {
      gitLagMs = lagMs;
    },
    isKnownToGit: (header: string | undefined): boolean => {
      const token = passwordOf(header?.trim().split(/\s+/, 2)[1] ?? '');
      return (knownToGitAt.get(token) ?? 0) <= now().getTime();
    },
    /** Reads an Authorization header: `token`, `bearer` or `basic`. Throws 401 "Bad credentials" for a wrong one. */
    identify(header: string | undefined): Identity {
      if (!header) return { kind: 'none' };
      const [scheme = '', value = ''] = header.trim().split(/\s+/, 2);
      const secret = scheme.toLowerCase() === 'basic' ? passwordOf(value) : value;
      if (scheme.toLowerCase() !== 'basic' && secret.split('.').length === 3) return verifyJwt(secret);
      const identity = tokens.get(secret);
      const expired = identity?.kind === 'installation' && identity.expiresAt <= now();
      if (!identity || expired) throw apiError(401, 'Bad credentials');
      return identity;
    },
  };
}
export type Auth = ReturnType<typeof createAuth>;

/** The password of Basic authentication; a token given as the user name alone counts too, as on GitHub. */
function passwordOf(basic: string): string {
  const [user = '', ...password] = Buffer.from(basic, 'base64').toString().split(':');
  return password.join(':') || user;
}

export function loginOf(identity: Identity): string {
  return identity.kind === 'user' || identity.kind === 'installation' ? identity.login : '';
}

/** Whether the caller can see the repository at all. What it cannot see does not exist for it (404). */
export function mayReach(identity: Identity, repository: Repository): boolean {
  if (identity.kind === 'installation') {
    if (!repository.settings.private) return true;
    return installedFor(identity, repository);
  }
  if (!repository.settings.private) return true;
  if (identity.kind !== 'user') return false;
  return personalLevel(identity.login, repository) !== 'none';
}

/** Whether the caller may read or write one kind of thing in a repository it can reach. */
export function mayDo(identity: Identity, repository: Repository, permission: string, level: Level): boolean {
  if (level === 'write' && repository.settings.archived) return false;
  if (level === 'read' && !repository.settings.private && permission !== 'administration') return true;
  if (identity.kind === 'installation') {
    return installedFor(identity, repository) && grants(identity.permissions, permission, level);
  }
  if (identity.kind !== 'user') return false;
  if (identity.permissions !== 'all' && !grants(identity.permissions, permission, level)) return false;
  const own = personalLevel(identity.login, repository);
  if (permission === 'administration') return own === 'admin';
  // Who can read a repository may also open issues and comment.
  if (own === 'read') return level === 'read' || permission === 'issues';
  return own !== 'none';
}

/** Whether `asked` is covered by `granted`; metadata can always be read. */
export function grants(granted: Permissions, permission: string, level: Level): boolean {
  if (permission === 'metadata' && level === 'read') return true;
  const has = granted[permission];
  return has === 'write' || (has === 'read' && level === 'read');
}

function installedFor(
  identity: Extract<Identity, { kind: 'installation' }>,
  repository: Repository,
): boolean {
  if (!repository.settings.installed || repository.owner !== identity.owner) return false;
  return identity.repositories === 'all' || identity.repositories.has(repository.id);
}

export function personalLevel(login: string, repository: Repository) {
  const given = repository.collaborators.get(login);
  if (given) return given;
  if (login === repository.owner) return 'admin';
  return repository.settings.private ? 'none' : 'read';
}
