// Finds names in the environment that look like settings of Errand and are none: SLACK_BOT_TOKN would be no setting at all,
// and nobody would say so. Pure.
import { closest, distance } from 'fastest-levenshtein';
import { describeConfig } from './settings.ts';
import type { Environment } from './values.ts';

/** `near` is the setting that was probably meant. */
export type Misspelt = Readonly<{ name: string; near?: string }>;

/** Names that begin so are nobody else's. */
const OURS = /^ERRAND_/;
/** These families others use as well (`GITHUB_ACTIONS`): only what is nearly a name of ours counts. */
const SHARED = /^(SLACK|GITHUB|DATABASE|PUBLIC)_/;
/** Variables of Errand that are no settings: tests and agents' workspaces have them. */
const KNOWN_OTHERS = /^ERRAND_(TEST_\w+|FIRST_PORT|LAST_PORT)$/;
const NEAR = 3;
const VERY_NEAR = 2;
/** Of any other name (`GITUB_TOKEN`, `ANTHROPIC_APIKEY`): shorter ones are near to each other by chance. */
const LONG_ENOUGH = 12;

/** All of them, in the order of the environment. A name that is set to nothing counts as unset. */
export function findMisspelt(env: Environment): readonly Misspelt[] {
  const known = describeConfig().map(({ name }) => name);
  return Object.keys(env).flatMap((name): Misspelt[] => {
    if (!env[name] || known.includes(name) || KNOWN_OTHERS.test(name)) return [];
    const near = closest(name.toUpperCase(), known);
    const far = distance(name.toUpperCase(), near);
    if (OURS.test(name.toUpperCase())) return [far <= NEAR ? { name, near } : { name }];
    const isTelling = SHARED.test(name.toUpperCase()) || near.length >= LONG_ENOUGH;
    return isTelling && far <= VERY_NEAR ? [{ name, near }] : [];
  });
}

/** One warning for the log. */
export function formatMisspelt({ name, near }: Misspelt): string {
  return `${name} is no setting of Errand.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}
