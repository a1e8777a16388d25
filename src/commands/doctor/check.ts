// One check of the doctor and how it is run: with a time limit, and never throwing. Knows no check by name.
import { toError } from '../../errors.ts';

/** One line of the report. `idle` is what nothing needs here; `mend` says what to do, or what would be better. */
export type Finding = Readonly<{ ok: boolean; say: string; mend?: string; idle?: true }>;

export type Check = Readonly<{
  name: string;
  /** Default 20 s. */
  limitMs?: number;
  look: () => Promise<readonly Finding[]>;
}>;

const LIMIT_MS = 20_000;

/** Looks. Whatever goes wrong becomes a finding, so that one broken check never hides the others. */
export async function runCheck(check: Check): Promise<readonly Finding[]> {
  const { limitMs = LIMIT_MS } = check;
  const late = Promise.withResolvers<readonly Finding[]>();
  const timer = setTimeout(() => late.resolve([tooLate(limitMs)]), limitMs);
  try {
    return await Promise.race([check.look(), late.promise]);
  } catch (thrown) {
    return [{ ok: false, say: toError(thrown).message }];
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(limitMs: number): Finding {
  return {
    ok: false,
    say: `No answer within ${limitMs / 1000} s.`,
    mend: 'Check the network, proxies and firewalls between here and there.',
  };
}

/** Turns a setting's problem ("NAME is missing: copy it from …") into a finding. */
export function fromProblem(problem: string): Finding {
  const end = problem.indexOf(': ');
  if (end < 0) return { ok: false, say: `${problem}.` };
  const mend = problem.slice(end + 2);
  return {
    ok: false,
    say: `${problem.slice(0, end)}.`,
    mend: `${mend.charAt(0).toUpperCase()}${mend.slice(1)}.`,
  };
}
