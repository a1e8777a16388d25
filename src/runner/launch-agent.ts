// Starts the job's agent inside the sandbox: its environment, its logins, its hosts, its folders. Nothing of the host's
// own secrets goes in; the model's key goes in masked where the sandbox can do that.
import { agentEgress } from '../agent/registry.ts';
import { type Agent, openAgent } from '../agent/session.ts';
import type { AgentSpec } from '../agent/spec.ts';
import type { AgentUpdate } from '../job/agent-update.ts';
import { type JobLimits, tightenLimits } from '../job/limits.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import type { Mask, Wrapped } from '../sandbox/sandbox.ts';
import type { CheckTree } from '../workspace/check-tree.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { clearLogins, fillAgentHome } from './agent-home.ts';
import { jobEgress, pickVariables, wrapInJob } from './job-sandbox.ts';
import { watchResources } from './resource-limits.ts';
import type { TurnRun } from './turn-run.ts';

export type LaunchedAgent = Readonly<{
  agent: Agent;
  /** Rejects when the agent took more than it may; it is ended by then. */
  exhausted: Promise<never>;
  close(): Promise<void>;
}>;

type LaunchOptions = Readonly<{
  spec: AgentSpec;
  workspace: Workspace;
  settings: RepoSettings;
  /** For whoever only reads: a copy with a home of its own, in which no file of the tree may be changed. */
  copy?: CheckTree;
  mode?: string | undefined;
  model?: string | undefined;
  /** The session to go on with; none for fresh eyes. */
  resume?: string | undefined;
  onUpdate: (update: AgentUpdate) => void;
}>;

/** Where an agent works, and what it may write there. */
type Place = Readonly<{
  dir: string;
  tree: string;
  home: string;
  tmp: string;
  writable: readonly string[];
  env: Readonly<Record<string, string>>;
}>;

function placeOf({ workspace, copy }: Pick<LaunchOptions, 'workspace' | 'copy'>): Place {
  if (copy) return { ...copy, writable: [copy.gitDir, copy.home, copy.tmp] };
  const { tree, agentGitDir, home, tmp } = workspace;
  return { ...workspace, writable: [tree, agentGitDir, home, tmp] };
}

export async function launchAgent(turn: TurnRun, options: LaunchOptions): Promise<LaunchedAgent> {
  const { context, log } = turn;
  const { spec, workspace } = options;
  const place = placeOf(options);
  const limits = tightenLimits(context.limits, options.settings.limits);
  const held = { limits, deployment: context.limits };
  const wrapped = await wrapAgent(turn, { ...options, place, limits });
  wrapped.onDenied((host) => options.onUpdate({ kind: 'egress_denied', host }));
  const watch = watchResources({ held, totals: context.totals, dir: workspace.dir, log });
  let ceiling: Promise<boolean> | undefined;
  try {
    const agent = await openAgent({
      spec,
      command: wrapped.argv,
      cwd: place.tree,
      processCwd: place.dir,
      env: wrapped.env,
      resume: options.resume,
      mode: options.mode,
      model: options.model,
      policy: {
        tree: place.tree,
        sandboxed: context.sandbox.mode === 'srt',
        extraWritable: [place.tmp, place.home],
        readOnly: options.copy !== undefined,
      },
      onUpdate: options.onUpdate,
      redactor: context.redactor,
      log,
      signal: turn.signal,
      onStart: (meter) => {
        watch.attach(meter);
        ceiling = wrapped.started(meter.pid);
      },
      startTimeoutMs: limits.agentStartMs,
      cancelGraceMs: limits.cancelGraceMs,
    });
    await ceiling;
    const close = async () => {
      await agent.close();
      await watch.stop();
      await wrapped.release();
      await clearLogins(place.home);
    };
    return { agent, close, exhausted: watch.reached };
  } catch (thrown) {
    await watch.stop();
    await wrapped.release();
    await clearLogins(place.home);
    throw watch.reason() ?? thrown;
  }
}

/** The agent's command behind the sandbox, with its home filled. */
async function wrapAgent(
  turn: TurnRun,
  { spec, workspace, settings, place, limits }: LaunchOptions & Readonly<{ place: Place; limits: JobLimits }>,
): Promise<Wrapped> {
  const { context, log } = turn;
  const { sandbox, agents } = context;
  const setup = spec.prepare({ tree: place.tree, env: agents.env });
  const { env, userHome } = agents;
  await fillAgentHome({ home: place.home, spec, files: setup.files, env, userHome, log });
  const plain = pickVariables(env, spec.settings);
  const secrets = pickVariables(env, [...spec.keys, ...(spec.login?.variable ? [spec.login.variable] : [])]);
  const egress = jobEgress(context, { settings, agent: agentEgress(spec, env) });
  if (egress.ignored.length > 0) log.info({ hosts: egress.ignored }, 'runner.egress.ignored');
  const masked = sandbox.mode === 'srt';
  return wrapInJob(context, {
    argv: spec.command,
    workspace,
    limits,
    jobDir: place.dir,
    writable: place.writable,
    egress: egress.allowed,
    env: { ...plain, ...(masked ? {} : secrets), ...setup.env, ...place.env },
    masks: masked ? toMasks(spec, { secrets, plain, egress: agents.egress }) : [],
  });
}

/**
 * Each key works only towards the hosts of its own provider, or those the agent cannot do without; the key of an agent we
 * do not know towards the hosts that the operator has opened.
 */
function toMasks(
  spec: AgentSpec,
  given: Readonly<{
    secrets: Readonly<Record<string, string>>;
    plain: Readonly<Record<string, string>>;
    egress: readonly string[];
  }>,
): Mask[] {
  const needed = spec.egress.length > 0 ? spec.egress : given.egress;
  return Object.entries(given.secrets).map(([variable, value]) => {
    const own = agentEgress({ ...spec, egress: [] }, { ...given.plain, [variable]: value });
    return { variable, value, hosts: own.length > 0 ? own : needed };
  });
}
