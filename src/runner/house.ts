// Reads what a repository tells the agents that work in it, from the commit of the base branch and never from a tree that an
// agent has had its hands on.
import { PermanentError } from '../errors.ts';
import {
  cutTo,
  HOUSE_FOLDERS,
  HOUSE_LIMITS,
  type House,
  type HouseText,
  namedProfiles,
  type Profile,
  parseProfile,
} from '../job/house.ts';
import { AGENT_PHASES, type AgentPhase } from '../job/phase-settings.ts';
import type { Repo } from '../job/repo.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import { taskKind } from '../job/task-kind.ts';
import type { TurnRun } from './turn-run.ts';

/** A character takes up to four bytes. */
const MOST_BYTES = 4 * HOUSE_LIMITS.file;

type Commit = Readonly<{ repo: Repo; sha: string; settings: RepoSettings }>;

/**
 * Throws PermanentError `bad_profile` where the profile that a person asked for is not there or cannot be read. Everything
 * else that cannot be used is a warning: the job goes on without it.
 */
export async function readHouse(turn: TurnRun, at: Commit): Promise<House> {
  const warnings: string[] = [];
  const kind = taskKind(turn.job());
  const profiles = await readProfiles(turn, at, warnings);
  const context = await readContext(turn, at, warnings);
  const workflows = await list(turn, at, HOUSE_FOLDERS.workflows, warnings);
  const named = workflows.find((file) => file === `${kind}.md`);
  const workflow = named && (await readText(turn, at, `${HOUSE_FOLDERS.workflows}/${named}`));
  const told = warnings.map((warning) => `${warning}.`);
  return { ...profiles, context, ...(workflow ? { workflow } : {}), warnings: told };
}

async function readProfiles(
  turn: TurnRun,
  at: Commit,
  warnings: string[],
): Promise<Pick<House, 'profiles' | 'others'>> {
  const { profile: command, base } = turn.job();
  const known = (await list(turn, at, HOUSE_FOLDERS.profiles, warnings)).map((file) => file.slice(0, -3));
  const named = namedProfiles({ command, settings: at.settings, kind: taskKind(turn.job()), known });
  const read = new Map<string, Profile>();
  const broken = new Map<string, string>();
  for (const name of known) {
    const text = await readFile(turn, at, `${HOUSE_FOLDERS.profiles}/${name}.md`);
    const answer = parseProfile(name, text ?? '');
    if (answer.kind === 'profile') read.set(name, answer.profile);
    else broken.set(name, answer.mistakes.join('; '));
  }
  if (command !== undefined && !read.has(command)) {
    const why = broken.get(command);
    const there =
      known.length > 0 ? `There are ${known.join(', ')}.` : `There is none in ${HOUSE_FOLDERS.profiles}.`;
    throw new PermanentError(
      'bad_profile',
      why === undefined
        ? `There is no profile \`${command}\` on \`${base}\`. ${there} Add it there and press Retry, or start again with another \`profile=\`.`
        : `The profile \`${command}\` cannot be read: ${why}. Mend the file on \`${base}\`, then press Retry.`,
    );
  }
  const profiles: Partial<Record<AgentPhase, Profile>> = {};
  for (const phase of AGENT_PHASES) {
    const name = named[phase];
    const found = name === undefined ? undefined : read.get(name);
    if (found) profiles[phase] = found;
    else if (name !== undefined && !broken.has(name))
      warnings.push(
        `\`phases.${phase}.profile\` names \`${name}\`, and there is no ${HOUSE_FOLDERS.profiles}/${name}.md`,
      );
  }
  warnings.push(...broken.values());
  const chosen = new Set(Object.values(profiles).map(({ name }) => name));
  const others = [...read.values()].filter(({ name }) => !chosen.has(name));
  return { profiles, others: others.map(({ path, when }) => ({ path, ...(when ? { when } : {}) })) };
}

async function readContext(turn: TurnRun, at: Commit, warnings: string[]): Promise<readonly HouseText[]> {
  const found: HouseText[] = [];
  let left: number = HOUSE_LIMITS.context;
  for (const name of await list(turn, at, HOUSE_FOLDERS.context, warnings)) {
    const file = await readText(turn, at, `${HOUSE_FOLDERS.context}/${name}`);
    if (file === undefined) continue;
    if (left < file.text.length)
      warnings.push(
        `${file.path} is cut: agents are told ${HOUSE_LIMITS.context} characters of context in all`,
      );
    if (left > 0) found.push({ ...file, text: cutTo(file.text, left) });
    left = Math.max(0, left - file.text.length);
  }
  return found;
}

/** The Markdown files of a folder, by name. */
async function list(turn: TurnRun, at: Commit, path: string, warnings: string[]): Promise<readonly string[]> {
  const entries = await turn.context.workspaces.listCommitted({ repo: at.repo, sha: at.sha, path });
  const notes = entries.filter(({ name }) => /^[a-z0-9][\w.-]*\.md$/i.test(name));
  const plain = notes.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const others = notes
    .filter(({ kind }) => kind !== 'file')
    .map(({ name }) => `${path}/${name} is no plain file`);
  warnings.push(...others);
  if (plain.length > HOUSE_LIMITS.files)
    warnings.push(`${path} holds more than ${HOUSE_LIMITS.files} files; the first of them count`);
  return plain.slice(0, HOUSE_LIMITS.files);
}

async function readText(turn: TurnRun, at: Commit, path: string): Promise<HouseText | undefined> {
  const text = (await readFile(turn, at, path))?.trim();
  return text ? { path, text: cutTo(text, HOUSE_LIMITS.file) } : undefined;
}

function readFile(turn: TurnRun, { repo, sha }: Commit, path: string): Promise<string | undefined> {
  return turn.context.workspaces.readCommitted({ repo, sha, path, limitBytes: MOST_BYTES });
}
