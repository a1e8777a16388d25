// Whether GitHub takes our credentials: asked at the start and by health pages. Changes nothing on GitHub.
import type { Access } from './access.ts';
import { isStatus, readRefusal, toFailure } from './failures.ts';

/** `unknown`: GitHub did not say; it may be out of reach. `say` is a sentence without its full stop. */
export type CredentialsAnswer =
  | Readonly<{ kind: 'accepted' }>
  | Readonly<{ kind: 'refused'; say: string }>
  | Readonly<{ kind: 'unknown'; say: string }>;

/** Asks GitHub who we are. Never throws. */
export async function checkCredentials(access: Access): Promise<CredentialsAnswer> {
  try {
    const { rest } = access.self;
    await (access.kind === 'app' ? rest.apps.getAuthenticated() : rest.users.getAuthenticated());
    return { kind: 'accepted' };
  } catch (thrown) {
    // An App that is not there is a 404; an installation's token may not ask for its user (403) and is good all the same.
    const isRefused = access.kind === 'app' ? isStatus(thrown, 401, 404) : isStatus(thrown, 401);
    if (!isRefused) {
      const say = toFailure(thrown, 'asking who we are').message.replace(/\.$/, '');
      return { kind: 'unknown', say };
    }
    const said = readRefusal(thrown)?.said.replace(/\.$/, '') ?? 'refused';
    return { kind: 'refused', say: `${access.kind === 'app' ? APP : TOKEN} ("${said}")` };
  }
}

const TOKEN =
  'GITHUB_TOKEN is refused by GitHub: make a new one, since this one was revoked, has expired or was not copied whole';
const APP =
  "GITHUB_APP_ID with this GITHUB_PRIVATE_KEY is refused by GitHub: compare the id with the App's page and generate a new key there";
