// Which agent does a job: by name, by command line or the first one installed, and which hosts it may reach.
// Looks nothing up itself: what is installed and what is set arrives as arguments.
import { basename } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { parseArgsStringToArgv } from 'string-argv';
import { PermanentError } from '../errors.ts';
import { KNOWN_AGENTS } from './known-agents.ts';
import type { AgentSpec } from './spec.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Which host each provider's key is good for. */
const PROVIDER_HOSTS: Readonly<Record<string, readonly string[]>> = {
  ANTHROPIC_API_KEY: ['api.anthropic.com'],
  ANTHROPIC_AUTH_TOKEN: ['api.anthropic.com'],
  CLAUDE_CODE_OAUTH_TOKEN: ['api.anthropic.com', 'platform.claude.com'],
  OPENAI_API_KEY: ['api.openai.com'],
  CODEX_API_KEY: ['api.openai.com'],
  GEMINI_API_KEY: ['generativelanguage.googleapis.com'],
  GOOGLE_API_KEY: ['generativelanguage.googleapis.com'],
  GOOGLE_GENERATIVE_AI_API_KEY: ['generativelanguage.googleapis.com'],
  OPENROUTER_API_KEY: ['openrouter.ai'],
  OPENCODE_API_KEY: ['opencode.ai'],
  KILO_API_KEY: ['api.kilo.ai'],
  COPILOT_GITHUB_TOKEN: ['api.github.com', '*.githubcopilot.com'],
};

/** All agents we know by name, in the order in which an unnamed choice tries them. */
export function listAgents(): readonly AgentSpec[] {
  return KNOWN_AGENTS;
}

/**
 * For names that a person typed: a command line must never come from Slack, only from the operator's own settings.
 * Throws PermanentError `agent_unknown`.
 */
export function requireKnownName(wanted: string): void {
  const names = KNOWN_AGENTS.map((spec) => spec.name);
  if (names.includes(wanted.trim().toLowerCase())) return;
  const nearest = closest(wanted.toLowerCase(), names);
  const near = distance(wanted.toLowerCase(), nearest) <= 2 ? ` Did you mean \`${nearest}\`?` : '';
  throw new PermanentError(
    'agent_unknown',
    `There is no agent named \`${wanted}\`.${near} Known are ${names.join(', ')}.`,
  );
}

export type ChooseOptions = Readonly<{
  /** A name from the registry or a command line; undefined means the first one installed. */
  wanted?: string | undefined;
  /** Finds a binary on the operator's PATH. */
  find: (binary: string) => string | undefined;
  env: Env;
  /** The variables an agent gets as its keys that is no known one: those that the operator names for it, no others. */
  customKeys?: readonly string[];
  /** Whether a login file exists (`~/…`); without it only variables count as a login. */
  hasFile?: (path: string) => boolean;
}>;

/**
 * Chooses the agent for a job; its command starts with the path that `find` gave. Throws PermanentError
 * `agent_missing`, `agent_unknown` or `agent_login` with the command that mends it.
 */
export function chooseAgent(options: ChooseOptions): AgentSpec {
  const wanted = options.wanted?.trim();
  if (!wanted) return chooseInstalled(options);
  const known = KNOWN_AGENTS.find((spec) => spec.name === wanted.toLowerCase());
  if (known) return requireLogin(requireBinary(known, options), options);
  return chooseCommandLine(wanted, options);
}

/** The first agent that is installed and has a login; else the first that is installed tells what it lacks. */
function chooseInstalled(options: ChooseOptions): AgentSpec {
  const installed = KNOWN_AGENTS.filter((spec) => options.find(binaryOf(spec)) !== undefined);
  const chosen = installed.find((spec) => hasLogin(spec, options)) ?? installed[0];
  if (chosen) return requireLogin(requireBinary(chosen, options), options);
  const [first, ...others] = KNOWN_AGENTS;
  throw new PermanentError(
    'agent_missing',
    `No coding agent is installed on the runner. Install one, e.g. \`${first?.install}\`, or set ERRAND_AGENT to the ` +
      `command of another that speaks ACP. Known by name: ${[first, ...others].map((spec) => spec?.name).join(', ')}.`,
  );
}

function chooseCommandLine(line: string, options: ChooseOptions): AgentSpec {
  const [binary, ...args] = parseArgsStringToArgv(line);
  if (binary === undefined) throw unknownAgent(line);
  const path = options.find(binary);
  if (path === undefined) throw unknownAgent(binary, args.length === 0);
  const known = KNOWN_AGENTS.find((spec) => binaryOf(spec) === basename(binary));
  if (known) return requireLogin({ ...known, command: [path, ...args] }, options);
  return customAgent(line, [path, ...args], options.customKeys ?? []);
}

/** Nothing is known about it, so nothing is handed to it that the operator has not named. */
function customAgent(line: string, command: readonly string[], keys: readonly string[]): AgentSpec {
  return {
    name: line,
    title: line.length > 60 ? `${line.slice(0, 59)}…` : line,
    command,
    install: line,
    keys,
    needsKey: false,
    settings: [],
    egress: [],
    prepare: () => ({ env: {}, files: [] }),
    modeIds: {},
    proven: false,
  };
}

/**
 * The hosts an agent must reach with this environment: its own, those of the providers whose keys are set, and those
 * that its settings name (a gateway's address).
 */
export function agentEgress(spec: AgentSpec, env: Env): string[] {
  const providers = spec.keys.filter((key) => env[key]).flatMap((key) => PROVIDER_HOSTS[key] ?? []);
  const gateways = spec.settings.flatMap((name) => hostsIn(env[name] ?? ''));
  return [...new Set([...spec.egress, ...providers, ...gateways])];
}

function hostsIn(setting: string): string[] {
  const urls = setting.match(/https?:\/\/[^\s"'\\]+/g) ?? [];
  return urls.flatMap((text) => {
    if (!URL.canParse(text)) return [];
    const url = new URL(text);
    // A port of this machine is opened alone, never the whole machine.
    return [isThisMachine(url.hostname) ? url.host : url.hostname];
  });
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1';
}

function requireBinary(spec: AgentSpec, { find }: ChooseOptions): AgentSpec {
  const [binary, ...args] = spec.command;
  const path = find(binaryOf(spec));
  if (binary === undefined || path === undefined) throw agentMissing(spec);
  return { ...spec, command: [path, ...args] };
}

function requireLogin(spec: AgentSpec, options: ChooseOptions): AgentSpec {
  if (hasLogin(spec, options)) return spec;
  throw agentLogin(spec);
}

function hasLogin(spec: AgentSpec, { env, hasFile }: ChooseOptions): boolean {
  if (!spec.needsKey || spec.keys.some((key) => env[key])) return true;
  return hasFile !== undefined && (spec.login?.files ?? []).some((file) => hasFile(file.from));
}

function binaryOf(spec: AgentSpec): string {
  return spec.command[0] ?? spec.name;
}

/** The agent's program is not there. */
export function agentMissing(spec: AgentSpec): PermanentError {
  return new PermanentError(
    'agent_missing',
    `${spec.title} is not installed on the runner. Install it with \`${spec.install}\`, then retry the job.`,
  );
}

/** The agent has neither a key nor a login. */
export function agentLogin(spec: AgentSpec): PermanentError {
  const key = spec.keys.length > 0 ? `Set ${spec.keys.join(' or ')} for the runner` : undefined;
  const ways = [key, spec.login?.how].filter((way) => way !== undefined).join(', or ');
  return new PermanentError(
    'agent_login',
    `${spec.title} has no key to work with. ${ways || 'Log it in on the runner'}, then retry the job.`,
  );
}

function unknownAgent(wanted: string, isName = false): PermanentError {
  const names = KNOWN_AGENTS.map((spec) => spec.name);
  const near = isName ? ` Did you mean \`${closest(wanted.toLowerCase(), names)}\`?` : '';
  return new PermanentError(
    'agent_unknown',
    `There is no agent \`${wanted}\` on the runner.${near} Known by name: ${names.join(', ')}; any command that is ` +
      'installed and speaks ACP works as well.',
  );
}
