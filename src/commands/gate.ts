// errand gate: judges what a range of commits changes by the same rules as the runner before a push. Changes nothing.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { isRefusal, PermanentError, type Refusal, refuse, toError } from '../errors.ts';
import { GATE_WANTS, isBlocked, sortFindings } from '../gate/gate.ts';
import { judgeApart } from '../gate/judge-apart.ts';
import { type Finding, GATE_RULES, placeOf } from '../job/gate-rules.ts';
import {
  NO_REPO_SETTINGS,
  parseRepoSettings,
  REPO_SETTINGS_PATH,
  type RepoSettings,
  readDiffLimits,
} from '../job/repo-settings.ts';
import { readRange } from '../workspace/read-range.ts';

const USAGE = `errand gate --git-dir DIR BASE..HEAD [--json] [--config FILE] [--plan FILE]

  Judges what the commits of a range change: workflows, agents' settings, lockfiles, links, secrets and so on.
  DIR      a git directory, bare or not
  RANGE    BASE..HEAD (two trees), BASE...HEAD (what HEAD adds since they parted) or one commit
  --config the settings to judge by; otherwise ${REPO_SETTINGS_PATH} as it stands at BASE
  --plan   a JSON list of the files, folders or globs that were planned; others are pointed at
  Exit code: 0 nothing blocks, 1 blocked, 2 it could not be judged.
`;

const planSchema = z.array(z.string());

type Asked = Readonly<{
  dir: string;
  range: string;
  json: boolean;
  config: string | undefined;
  plan: string | undefined;
}>;

/** Runs the command over its own words; answers the exit code. `write` and `complain` are for tests. */
export async function runGate(
  args: readonly string[],
  options: {
    write?: (text: string) => void;
    complain?: (text: string) => void;
    env?: Record<string, string>;
  } = {},
): Promise<number> {
  const {
    write = (text: string) => void process.stdout.write(text),
    complain = (text: string) => void process.stderr.write(text),
  } = options;
  if (args.includes('--help') || args.includes('-h')) {
    write(USAGE);
    return 0;
  }
  const asked = readArguments(args);
  if (isRefusal(asked)) {
    complain(`${asked.refusal}\n\n${USAGE}`);
    return 2;
  }
  const findings = await look(asked, options.env ?? {}).catch(toError);
  if (findings instanceof Error) {
    const isKnown = findings instanceof PermanentError || findings.name === 'TransientError';
    complain(`${isKnown ? findings.message : (findings.stack ?? findings.message)}\n`);
    return 2;
  }
  const blocked = isBlocked(findings);
  write(
    asked.json ? `${JSON.stringify({ range: asked.range, findings, blocked })}\n` : report(asked, findings),
  );
  return blocked ? 1 : 0;
}

function readArguments(args: readonly string[]): Asked | Refusal {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'git-dir': { type: 'string' },
        config: { type: 'string' },
        plan: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [range, ...more] = positionals;
    if (range === undefined || more.length > 0) {
      return refuse('bad_usage', `errand gate takes one range of commits, but got ${positionals.length}.`);
    }
    const dir = values['git-dir'];
    if (dir === undefined || dir === '') return refuse('bad_usage', 'errand gate needs --git-dir DIR.');
    return { dir, range, json: values.json, config: values.config, plan: values.plan };
  } catch (thrown) {
    return refuse('bad_usage', toError(thrown).message);
  }
}

async function look(asked: Asked, env: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const { dir, range } = asked;
  const given = asked.config === undefined ? undefined : await readGivenFile(asked.config, 'settings');
  const plannedFiles = asked.plan === undefined ? [] : readPlan(await readGivenFile(asked.plan, 'the plan'));
  const { change, settings: ofBase } = await readRange({
    dir,
    range,
    settingsPath: REPO_SETTINGS_PATH,
    wants: GATE_WANTS,
    env,
  });
  const { gates, limits } = readSettings(given ?? ofBase, asked.config);
  return sortFindings(await judgeApart(change, gates, { plannedFiles, diffLimits: readDiffLimits(limits) }));
}

async function readGivenFile(path: string, what: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new PermanentError('no_config', `There is no file ${JSON.stringify(path)} to read ${what} from.`);
  });
}

function readPlan(text: string): readonly string[] {
  const parsed = planSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new PermanentError(
    'bad_plan',
    'The plan must be a JSON list of paths, such as ["src/cart.ts", "docs/"].',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readSettings(text: string | undefined, path: string | undefined): RepoSettings {
  if (text === undefined) return NO_REPO_SETTINGS;
  const answer = parseRepoSettings(text);
  if (answer.kind === 'settings') return answer.settings;
  const where = path === undefined ? 'at the base of the range' : `in ${JSON.stringify(path)}`;
  throw new PermanentError(
    'bad_settings',
    `The settings ${where} cannot be read. Mend them first:\n${answer.mistakes.map((mistake) => `  ${mistake}`).join('\n')}`,
  );
}

function report({ range }: Asked, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${range}: nothing found.\n`;
  const lines = findings.map(
    (finding) =>
      `${finding.severity.padEnd(5)}  ${finding.rule}  ${placeOf(finding)}\n       It ${finding.say}\n`,
  );
  const blocking = findings.filter(({ severity }) => severity === 'block').length;
  const end =
    blocking > 0
      ? `${range}: blocked by ${blocking} of ${findings.length}. What a rule is worth here is set under \`gates:\` in ${REPO_SETTINGS_PATH} on the base branch; there are ${Object.keys(GATE_RULES).join(', ')}.`
      : `${range}: ${findings.length} to look at, nothing blocks.`;
  return `${lines.join('')}\n${end}\n`;
}
