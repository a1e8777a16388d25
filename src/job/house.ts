// What a repository tells the agents that work in it, besides its settings: profiles, context and workflows, Markdown files
// under `.agents/`. AGENTS.md and skills are left to the agents, which find them by themselves. Pure.
import { z } from 'zod';
import { cutHead } from './cut.ts';
import { dropHidden } from './hidden-text.ts';
import { parseYaml } from './parse-yaml.ts';
import { type AgentPhase, agentName, agentWord, type PhaseSettings } from './phase-settings.ts';
import type { RepoSettings } from './repo-settings.ts';
import type { TaskKind } from './task-kind.ts';

export const HOUSE_FOLDERS = {
  profiles: '.agents/profiles',
  context: '.agents/context',
  workflows: '.agents/workflows',
} as const;

/** Of one file, and of all context files together, so much is read; in characters. */
export const HOUSE_LIMITS = { file: 20_000, context: 60_000, files: 30 } as const;

const frontMatter = z.strictObject({
  /** In a sentence, for whoever chooses. */
  when: z.string().trim().min(1).max(500).optional(),
  agent: agentName.optional(),
  model: agentWord.optional(),
});

export type Profile = Readonly<
  z.infer<typeof frontMatter> & { name: string; path: string /** Role, decisions, pitfalls. */; body: string }
>;

export type ProfileAnswer =
  | Readonly<{ kind: 'profile'; profile: Profile }>
  /** Each names the file, the line and what is allowed there. */
  | Readonly<{ kind: 'mistakes'; mistakes: readonly string[] }>;

/** Reads a profile: YAML between two lines of `---`, then Markdown. One without front matter is all Markdown. */
export function parseProfile(name: string, text: string): ProfileAnswer {
  const path = `${HOUSE_FOLDERS.profiles}/${name}.md`;
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0]?.trimEnd() !== '---') return withBody({ name, path }, lines);
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end < 0)
    return {
      kind: 'mistakes',
      mistakes: [`${path}, line 1: the front matter has no end; close it with a line of ---`],
    };
  const read = parseYaml(frontMatter, { file: path, text: lines.slice(1, end).join('\n'), firstLine: 2 });
  if (read.kind === 'mistakes') return read;
  return withBody({ ...read.value, name, path }, lines.slice(end + 1));
}

function withBody(head: Omit<Profile, 'body'>, lines: readonly string[]): ProfileAnswer {
  const body = cutTo(lines.join('\n').trim(), HOUSE_LIMITS.file);
  if (body === '')
    return { kind: 'mistakes', mistakes: [`${head.path}: there is nothing in it for the agent to read`] };
  return { kind: 'profile', profile: { ...head, body } };
}

export type HouseText = Readonly<{ path: string; text: string }>;

/** What holds in one turn. */
export type House = Readonly<{
  /** Who plans, implements and reviews, where a profile was chosen for it. */
  profiles: Readonly<Partial<Record<AgentPhase, Profile>>>;
  /** The other profiles: an agent whose task fits one may take it on. */
  others: readonly Pick<Profile, 'path' | 'when'>[];
  context: readonly HouseText[];
  workflow?: HouseText;
  /** What people should know of it, e.g. a file that cannot be read. */
  warnings: readonly string[];
}>;

export const NO_HOUSE: House = { profiles: {}, others: [], context: [], warnings: [] };

/** The settings with the agents and models that the chosen profiles name, where the settings themselves name none. */
export function withProfiles(settings: RepoSettings, { profiles }: House): RepoSettings {
  const chosen = Object.entries(profiles);
  if (chosen.length === 0) return settings;
  const phases: Partial<Record<string, PhaseSettings>> = { ...settings.phases };
  for (const [phase, { agent, model }] of chosen) {
    const said = phases[phase] ?? {};
    // A model is one of its agent's: next to another agent it means nothing.
    const ofProfile = said.agent === undefined || said.agent === agent ? { agent, model } : {};
    phases[phase] = { ...dropUnset(ofProfile), ...said };
  }
  return { ...settings, phases };
}

function dropUnset({ agent, model }: PhaseSettings): PhaseSettings {
  return { ...(agent === undefined ? {} : { agent }), ...(model === undefined ? {} : { model }) };
}

/** What stands in a prompt: the maintainers' own words, as far as what is on the base branch may be trusted. Empty for none. */
export function describeHouse(house: House, phase: AgentPhase): string {
  const profile = house.profiles[phase];
  const others = phase === 'implement' && profile === undefined ? house.others : [];
  const parts = [
    ...house.context.map(({ path, text }) => quote(`From ${path}`, text)),
    ...(profile ? [quote(`Your role, from ${profile.path}`, profile.body)] : []),
    ...(house.workflow
      ? [quote(`How such a task is done here, from ${house.workflow.path}`, house.workflow.text)]
      : []),
    ...(others.length > 0
      ? [
          `There are files that describe roles; if one of them fits the task, read it first and follow it:\n${others.map(({ path, when }) => `- ${path}${when ? `: ${dropHidden(when)}` : ''}`).join('\n')}`,
        ]
      : []),
  ];
  if (parts.length === 0) return '';
  return ["# The project's own instructions\n\nIts maintainers keep these for every task.", ...parts].join(
    '\n\n',
  );
}

function quote(title: string, text: string): string {
  return `## ${title}\n\n${dropHidden(text).trim()}`;
}

/** Bounded, and said so where that cost something. */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = cutHead(text, most);
  return `${kept}\n[cut: ${text.length - kept.length} more characters]`;
}

/** The profile that each phase shall have: by the command, the settings, or called like the kind of the task. */
export function namedProfiles(
  asked: Readonly<{
    command?: string | undefined;
    settings: RepoSettings;
    kind: TaskKind;
    known: readonly string[];
  }>,
): Readonly<Partial<Record<AgentPhase, string>>> {
  const { command, settings, kind, known } = asked;
  const { plan, implement, review } = settings.phases ?? {};
  const byKind = known.includes(kind) ? kind : undefined;
  const named = {
    plan: plan?.profile,
    implement: command ?? implement?.profile ?? byKind,
    review: review?.profile,
  };
  return Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined));
}
