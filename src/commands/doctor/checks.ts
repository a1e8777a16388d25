// The list of everything the doctor looks at, in the order of the report. Each check reads only the settings it needs,
// so that half a set-up still gets every answer it can.

import { findMisspelt } from '../../config/misspelt.ts';
import type { Environment } from '../../config/values.ts';
import { findWrongCommon, readConfig } from '../../config.ts';
import { createGitHub } from '../../github/github.ts';
import type { Log } from '../../log.ts';
import { checkSandbox } from '../../sandbox/check.ts';
import { describeEnforcement, readEnforcement } from '../../sandbox/enforcement.ts';
import { checkDatabase, checkEmbeddedPostgres } from '../../store/doctor.ts';
import { whyNoPages } from '../../web/site.ts';
import { checkGit } from '../../workspace/doctor.ts';
import { checkAgents } from './agents.ts';
import { type Check, type Finding, fromProblem } from './check.ts';
import { checkHome, checkNode } from './machine.ts';
import { checkSlack, SLACK_SETTINGS } from './slack.ts';

/** A real sandbox is started, which the library gives itself some 20 s for. */
const SANDBOX_LIMIT_MS = 40_000;
/** One try of a request, so that an unreachable GitHub is told apart from a slow one within the check's limit. */
const GITHUB_ATTEMPT_MS = 5_000;

export type Half = 'bot' | 'runner';

/** Where a wrong setting that every part reads is told; under `names` where no check of these looks at it. */
const TOLD_AT: Readonly<Record<string, RegExp>> = {
  home: /^ERRAND_HOME$/,
  database: /^DATABASE_/,
  slack: SLACK_SETTINGS,
  github: /^GITHUB_/,
  web: /^(PORT|PUBLIC_URL)$/,
};

/** All checks over the given environment, or those that one half needs. */
export function listChecks(options: {
  env: Environment;
  half?: Half | undefined;
  log: Log;
}): readonly Check[] {
  const { half, log } = options;
  // What every part reads is judged once. Each check then looks without it, so that one mistake hides nothing else.
  const { wrong, env } = findWrongCommon(options.env);
  const checks: readonly (Check & { only?: Half })[] = [
    { name: 'names', look: () => lookAtNames(env) },
    { name: 'node', look: () => checkNode() },
    { name: 'git', only: 'runner', look: () => checkGit() },
    { name: 'home', look: () => lookAtHome(env) },
    { name: 'database', look: () => lookAtDatabase(env, log) },
    { name: 'slack', only: 'bot', look: () => checkSlack(env) },
    { name: 'github', look: () => lookAtGitHub(env, log) },
    { name: 'web', look: () => lookAtWeb(env) },
    { name: 'agents', only: 'runner', look: () => lookAtAgents(env) },
    { name: 'sandbox', only: 'runner', limitMs: SANDBOX_LIMIT_MS, look: () => lookAtSandbox(env) },
  ];
  const looked = checks.filter(({ only }) => only === undefined || half === undefined || only === half);
  const placeOf = (setting: string) =>
    looked.find(({ name }) => TOLD_AT[name]?.test(setting))?.name ?? 'names';
  return looked.map((check) => {
    const own = wrong.filter(({ name }) => placeOf(name) === check.name);
    return own.length === 0 ? check : { ...check, look: () => lookBeside(own, check) };
  });
}

/** What is wrong with these settings, then what else is found; that they are not there is no news. */
async function lookBeside(
  wrong: readonly Readonly<{ name: string; problem: string }>[],
  { name, look }: Check,
): Promise<readonly Finding[]> {
  const told = wrong.map(({ problem }) => fromProblem(problem));
  const others = await look();
  // All names are known, but one value is wrong.
  if (name === 'names') return [...told, ...others.filter(({ ok }) => !ok)];
  return [
    ...told,
    ...others.filter(({ say, mend = '' }) => !wrong.some((one) => `${say} ${mend}`.includes(one.name))),
  ];
}

/** A misspelt name is silently no setting at all: nothing else would ever say so. */
async function lookAtNames(env: Environment): Promise<readonly Finding[]> {
  const strange = findMisspelt(env);
  if (strange.length === 0) return [{ ok: true, say: 'Every setting is one that Errand knows.' }];
  return strange.map(({ name, near }) => ({
    ok: false,
    say: `${name} is no setting of Errand.`,
    mend:
      near === undefined
        ? 'Take it out; `errand doctor --settings` has every name.'
        : `Did you mean ${near}?`,
  }));
}

async function lookAtHome(env: Environment): Promise<readonly Finding[]> {
  const config = readConfig({ env, needs: [] });
  return 'problems' in config ? config.problems.map(fromProblem) : checkHome(config.home);
}

async function lookAtDatabase(env: Environment, log: Log): Promise<readonly Finding[]> {
  const config = readConfig({ env, needs: ['database'] });
  if ('problems' in config) return config.problems.map(fromProblem);
  return config.database.kind === 'url'
    ? checkDatabase(config.database.url)
    : checkEmbeddedPostgres({ home: config.home, log });
}

async function lookAtGitHub(env: Environment, log: Log): Promise<readonly Finding[]> {
  const config = readConfig({ env, needs: ['github'] });
  if ('problems' in config) return config.problems.map(fromProblem);
  const { auth, apiUrl, serverUrl } = config.github;
  const patience = { requestTimeoutMs: GITHUB_ATTEMPT_MS, retryBaseMs: 100 };
  return createGitHub({ auth, apiUrl, serverUrl, log, ...patience }).check();
}

async function lookAtWeb(env: Environment): Promise<readonly Finding[]> {
  const config = readConfig({ env, needs: [] });
  if ('problems' in config) return config.problems.map(fromProblem);
  const { port, publicUrl } = config.web;
  if (port === undefined && publicUrl !== undefined) {
    const say = `PUBLIC_URL is ${publicUrl}, but PORT is not set: nothing listens there.`;
    return [{ ok: false, say, mend: 'Set PORT to what your proxy passes on to, e.g. PORT=3000.' }];
  }
  if (port === undefined) {
    const say = 'PORT is not set: no health checks over HTTP.';
    return [{ ok: true, idle: true, say }];
  }
  const outside = publicUrl ? `, known outside as ${publicUrl}` : '';
  return [{ ok: true, say: `Port ${port}${outside}: /health and /ready.` }, lookAtPages(env)];
}

/** Nobody has to have pages. */
function lookAtPages(env: Environment): Finding {
  const config = readConfig({ env, needs: ['slack'] });
  if ('problems' in config)
    return { ok: true, idle: true, say: 'Pages: looked at once the settings are mended.' };
  const why = whyNoPages({ ...config.web, oauth: config.slack.oauth });
  if (why !== undefined)
    return { ok: true, idle: true, say: 'There are no pages for people.', mend: `To have some, ${why}.` };
  const callback = `${config.web.publicUrl}/sign-in/callback`;
  return {
    ok: true,
    say: `Pages at ${config.web.publicUrl}; the Slack app must name ${callback} as a redirect URL.`,
  };
}

async function lookAtAgents(env: Environment): Promise<readonly Finding[]> {
  const config = readConfig({ env, needs: ['agent'] });
  return 'problems' in config ? config.problems.map(fromProblem) : checkAgents(config.agent);
}

async function lookAtSandbox(env: Environment): Promise<readonly Finding[]> {
  if (env['ERRAND_SANDBOX'] === 'none') {
    const say = 'ERRAND_SANDBOX=none: agents may do whatever the user that runs Errand may.';
    return [
      { ok: true, idle: true, say, mend: 'Leave it unset to hold them in.' },
      { ok: true, ...describeEnforcement(readEnforcement({ mode: 'none', memoryFiles: 'none' })) },
    ];
  }
  const answer = await checkSandbox();
  if (answer.ok) {
    const limits = readEnforcement({ mode: 'srt', memoryFiles: answer.memoryFiles });
    const held = answer.ceiling ? limits : { ...limits, processes: 'none' as const };
    return [
      { ok: true, say: `Agents are held in by ${answer.how}.` },
      { ok: true, ...describeEnforcement(held) },
    ];
  }
  return [{ ok: false, say: answer.problem, mend: answer.mend }];
}
