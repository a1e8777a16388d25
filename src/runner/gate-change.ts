// The gate in a turn: what the files as they are would change is judged before any of it leaves this machine.

import { randomUUID } from 'node:crypto';
import { PermanentError } from '../errors.ts';
import { escapeName, GATE_WANTS, isBlocked, sortFindings } from '../gate/gate.ts';
import { judgeApart } from '../gate/judge-apart.ts';
import { ASKED_ABOUT, type Finding, type GateRule, mostTelling, placeOf } from '../job/gate-rules.ts';
import { readDiffLimits } from '../job/repo-settings.ts';
import { describeSplit, type SplitPart } from '../job/split.ts';
import type { Change } from '../workspace/change.ts';
import type { Taken } from '../workspace/snapshot.ts';
import type { Prepared } from './phases/prepare.ts';
import type { TurnRun } from './turn-run.ts';

export type Judged = Readonly<{
  /** The look at the files that was judged. */
  taken: Taken;
  /** Whether there is anything in them that people have not been shown. */
  isNews: boolean;
  /** What keeps the change from being pushed. */
  blocking: readonly Finding[];
  /** What a reviewer should look at first. */
  notes: readonly Finding[];
  /** Those notes that say that a check of the change itself was weakened, and that nobody has been shown yet. */
  concerns: readonly Finding[];
  /** What the agent proposed to leave for later, where it was asked to. */
  split?: readonly SplitPart[];
}>;

const TOO_LARGE: GateRule = 'too_large';

/** Findings that go into a result and a pull. */
const MOST_NOTES = 20;
const MOST_NAMED = 5;

/**
 * Judges everything since the base. What stands on the branch already was let through, or pushed by a person: it only counts
 * as a note, as long as the file is byte by byte the one that was pushed.
 */
export async function judgePending(turn: TurnRun, { workspace, settings }: Prepared): Promise<Judged> {
  const { workspaces } = turn.context;
  const { taken, pending, published } = await workspaces.readPending(workspace, {
    wants: GATE_WANTS,
    signal: turn.signal,
  });
  const measure = {
    diffLimits: readDiffLimits(settings.limits),
    plannedFiles: turn.job().plan?.files ?? [],
  };
  const findings = await judgeApart(pending, settings.gates, measure);
  const known = new Set<string>();
  if (isBlocked(findings) || findings.some(isConcern)) {
    const before = await published();
    const keyBefore = before && keysOver(before);
    for (const finding of before ? await judgeApart(before, settings.gates, measure) : []) {
      if (keyBefore) known.add(keyBefore(finding));
    }
  }
  const keyNow = keysOver(pending);
  const isNew = (finding: Finding) => !known.has(keyNow(finding));
  const blocking = sortFindings(findings.filter((one) => one.severity === 'block' && isNew(one)));
  const notes = mostTelling(
    sortFindings(findings.filter((one) => one.severity === 'warn' || !isNew(one))),
    MOST_NOTES,
  );
  const concerns = sortFindings(findings.filter((one) => isConcern(one) && isNew(one)));
  if (findings.length > 0) {
    turn.log.info({ blocking: blocking.map(({ rule }) => rule), notes: notes.length }, 'runner.gate.judged');
  }
  // The branch may hold more than anybody was shown: an earlier attempt died between the push and the pull.
  const shown = turn.job().pull?.headSha ?? workspace.baseSha;
  const isNews = taken.treeSha !== taken.head.treeSha || workspace.headSha !== shown;
  return { taken, isNews, blocking, notes, concerns };
}

/** Blocking ones are told as such. */
function isConcern({ rule, severity }: Finding): boolean {
  return severity === 'warn' && ASKED_ABOUT.some((name) => name === rule);
}

/** Whether a push of the files as they are would make a secret known. */
export async function holdsSecret(turn: TurnRun, { workspace }: Prepared): Promise<boolean> {
  const { pending } = await turn.context.workspaces.readPending(workspace, { wants: GATE_WANTS });
  const findings = await judgeApart(pending);
  return findings.some(
    ({ rule, severity }) => severity === 'block' && (rule === 'secret' || rule === 'not_read'),
  );
}

/** One thing found in one content of a file: a later edit of the same file is another thing. */
function keysOver({ files }: Change): (finding: Finding) => string {
  const contents = new Map(
    files.flatMap(({ path, oldPath, before, after }) => {
      const content = [after?.mode, after?.sha, before?.sha];
      return [path, ...(oldPath === undefined ? [] : [oldPath])].map((each) => [escapeName(each), content]);
    }),
  );
  return ({ rule, file, say }) =>
    // What was too large already was let through by somebody.
    rule === TOO_LARGE ? TOO_LARGE : JSON.stringify([rule, file, say, contents.get(file) ?? randomUUID()]);
}

/** Ends the turn: a rule, a file, and what a person can do about it. */
export function gateBlocked(turn: TurnRun, { blocking, split = [] }: Judged): PermanentError {
  if (blocking.every(({ rule }) => rule === TOO_LARGE)) return tooLarge(turn, blocking, split);
  const named = blocking
    .slice(0, MOST_NAMED)
    .map((finding) => `\`${finding.rule}\` ${placeOf(finding)} ${finding.say}`);
  const rest = blocking.length - named.length;
  const list = [...named, ...(rest > 0 ? [`And ${rest} more.`] : [])].join(' ');
  const softened = [...new Set(blocking.map(({ rule }) => rule))].filter((rule) => rule !== 'secret');
  const allow =
    softened.length === 0
      ? ''
      : `, or allow it with \`gates: {${softened.map((rule) => `${rule}: warn`).join(', ')}}\` in \`.agents/config.yml\` on \`${turn.job().base}\` and press Retry`;
  return new PermanentError(
    'gate_blocked',
    `The change was not pushed; the work is kept. ${list} Reply to say what to do instead${allow}.`,
  );
}

/** People see the parts instead of a pull that nobody would read. */
function tooLarge(turn: TurnRun, blocking: readonly Finding[], split: readonly SplitPart[]): PermanentError {
  const parts =
    split.length === 0
      ? 'The agent was asked to split it and named no parts.'
      : `The agent proposes to split it:\n${describeSplit(split)}\n`;
  return new PermanentError(
    TOO_LARGE,
    `No pull was opened, since the change ${blocking.map(({ say }) => say).join(' ')} The work is kept. ${parts}\nReply with the part to do first, or raise that limit under \`limits:\` in \`.agents/config.yml\` on \`${turn.job().base}\` and press Retry.`,
  );
}

/** What an agent may be told once each: what blocks, that it is too much, and what it did to the checks of its own work. */
export type Objection = 'gate' | 'split' | 'concerns';

/** What the agent is to be told of, less what it was told `already`; nothing where only people can go on. */
export function objectionsTo({ blocking, concerns }: Judged, already: ReadonlySet<Objection>): Objection[] {
  const wanted: Objection[] = [
    ...(blocking.some(({ rule }) => rule !== TOO_LARGE) ? (['gate'] as const) : []),
    ...(blocking.some(({ rule }) => rule === TOO_LARGE) ? (['split'] as const) : []),
  ];
  const fresh = wanted.filter((each) => !already.has(each));
  if (wanted.length > 0 && fresh.length === 0) return [];
  return concerns.length > 0 && !already.has('concerns') ? [...fresh, 'concerns'] : fresh;
}

/** What the agent is told before people are. */
export function describeForAgent({ blocking, concerns }: Judged, told: readonly Objection[]): string {
  const texts: Readonly<Record<Objection, () => string>> = {
    gate: () => describeBlocking(blocking.filter(({ rule }) => rule !== TOO_LARGE)),
    split: () => describeTooLarge(blocking.filter(({ rule }) => rule === TOO_LARGE)),
    concerns: () => describeConcerns(concerns),
  };
  return told.map((each) => texts[each]()).join('\n\n');
}

function describeBlocking(blocking: readonly Finding[]): string {
  return [
    'Your change cannot be pushed as it is. Fixed rules found this in it:',
    listFor(blocking),
    'Mend or undo each of them without working around the rules; leave out what the task does not need. If the task cannot be done without one of them, undo it all the same and say so in your last message.',
  ].join('\n\n');
}

function describeTooLarge(found: readonly Finding[]): string {
  return [
    `Your change ${found.map(({ say }) => say).join(' ')}`,
    'Reduce the change in the tree to its first part: one that is useful, tested and reviewable alone. Take the rest out of the tree again. If no smaller part makes sense, leave the tree as it is.',
    'Name the other parts in your last message, as tasks that somebody could start without having seen your work, in one fenced block of exactly this form:',
    '```json\n{"split":[{"title":"one line in the imperative","what":"what it changes and why"}]}\n```',
  ].join('\n\n');
}

function describeConcerns(concerns: readonly Finding[]): string {
  return [
    'Fixed rules found that your change weakens what checks it:',
    listFor(concerns),
    'Undo each of them that the task does not ask for, and make the code right instead. Where the task does need one, leave it and say in your last message, under Risks, which one and why: people read it before they decide.',
  ].join('\n\n');
}

function listFor(findings: readonly Finding[]): string {
  return findings
    .slice(0, 20)
    .map((finding) => `- ${finding.rule}: ${JSON.stringify(placeOf(finding))} ${finding.say}`)
    .join('\n');
}
