// The gate in a turn: what the files as they are would change is judged before any of it leaves this machine.

import { randomUUID } from 'node:crypto';
import { PermanentError } from '../errors.ts';
import { escapeName, GATE_WANTS, isBlocked, sortFindings } from '../gate/gate.ts';
import { judgeApart } from '../gate/judge-apart.ts';
import { type Finding, placeOf } from '../job/gate-rules.ts';
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
}>;

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
  const findings = await judgeApart(pending, settings.gates);
  const known = new Set<string>();
  if (isBlocked(findings)) {
    const before = await published();
    const keyBefore = before && keysOver(before);
    for (const finding of before ? await judgeApart(before, settings.gates) : []) {
      if (keyBefore) known.add(keyBefore(finding));
    }
  }
  const keyNow = keysOver(pending);
  const isNew = (finding: Finding) => !known.has(keyNow(finding));
  const blocking = sortFindings(findings.filter((one) => one.severity === 'block' && isNew(one)));
  const notes = sortFindings(findings.filter((one) => one.severity === 'warn' || !isNew(one))).slice(
    0,
    MOST_NOTES,
  );
  if (findings.length > 0) {
    turn.log.info({ blocking: blocking.map(({ rule }) => rule), notes: notes.length }, 'runner.gate.judged');
  }
  // The branch may hold more than anybody was shown: an earlier attempt died between the push and the pull.
  const shown = turn.job().pull?.headSha ?? workspace.baseSha;
  const isNews = taken.treeSha !== taken.head.treeSha || workspace.headSha !== shown;
  return { taken, isNews, blocking, notes };
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
  return ({ rule, file, say }) => JSON.stringify([rule, file, say, contents.get(file) ?? randomUUID()]);
}

/** Ends the turn: a rule, a file, and what a person can do about it. */
export function gateBlocked(turn: TurnRun, blocking: readonly Finding[]): PermanentError {
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

/** What the agent is told, once, before its turn ends for it. */
export function describeForAgent(blocking: readonly Finding[]): string {
  const list = blocking
    .slice(0, 20)
    .map((finding) => `- ${finding.rule}: ${JSON.stringify(placeOf(finding))} ${finding.say}`);
  return [
    'Your change cannot be pushed as it is. Fixed rules found this in it:',
    list.join('\n'),
    'Mend or undo each of them without working around the rules; leave out what the task does not need. If the task cannot be done without one of them, undo it all the same and say so in your last message.',
  ].join('\n\n');
}
