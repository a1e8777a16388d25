// The one message a turn ends with: everything a human needs to decide, and the buttons to do it. It mentions the
// requester; later it is only edited. Pure.
import type { Button, KnownBlock } from '@slack/types';
import { calmHeadings } from '../job/calm-headings.ts';
import { mostTelling } from '../job/gate-rules.ts';
import type { ChangeSize, Job, TurnResult } from '../job/job.ts';
import { taughtSomething } from '../job/offers.ts';
import { describeCheck, describeFinding } from '../job/pull-text.ts';
import { describeSplit } from '../job/split.ts';
import { standingRisk } from '../job/standing-risk.ts';
import type { Verdict } from '../job/verdict.ts';
import { approveButton, rejectButton } from './approve-button.ts';
import {
  contextBlock,
  describeSessions,
  plain,
  plainTask,
  type Rendered,
  section,
  usageLine,
} from './card.ts';
import { ACTION, buildButtonValue } from './ids.ts';
import { planBlocks, planButtons } from './plan-message.ts';
import { fitMrkdwn, LIMITS, link, named, tameMarkdown } from './text-limits.ts';
import { effortLine, reviewBody, verdictBody, verdictHead } from './verdict.ts';
import { occasionLine } from './words/follow-up.ts';
import { BUTTONS, decisionWords, resultHeadline, short, stoppedWords } from './words/messages.ts';

/** Shares of the room that all blocks have together. */
const ROOM = {
  changed: 5_000,
  checked: 2_200,
  risks: 1_500,
  findings: 1_500,
  checks: 1_200,
  split: 1_200,
  answer: 8_000,
} as const;

/** The pull's body has more of them. */
const FINDINGS_SHOWN = 5;

const WARNINGS_SHOWN = 5;

/** What of `ROOM` is used until all blocks fit together; quotes and line ends count twice there. */
const SHARES = [1, 0.75, 0.5, 0.25];

/** Buttons stand only on the newest result, and only while they apply. */
export function buildResult(job: Job, result: TurnResult): Rendered {
  const candidates = SHARES.map((share) => buildBlocks(job, result, share));
  const blocks =
    candidates.find((blocks) => JSON.stringify(blocks).length <= LIMITS.blocksTotal) ??
    candidates.at(-1) ??
    [];
  const headline = resultHeadline(job, result);
  const colon = /[?.!]\*?$/.test(headline) ? '' : ':';
  return { text: `${headline}${colon} ${fitMrkdwn(plainTask(job), 1_000)}`, blocks };
}

function buildBlocks(job: Job, result: TurnResult, share: number): KnownBlock[] {
  const newest = job.results.at(-1)?.turn === result.turn;
  const decision = newest ? decisionWords(job) : undefined;
  const occasion = occasionLine(result);
  return [
    section(`${resultHeadline(job, result)}\n${summaryTitle(job, result)}`),
    ...(occasion ? [contextBlock([occasion])] : []),
    ...(result.verdict ? [section(verdictHead(verdictNow(job, result, result.verdict), share))] : []),
    ...body(job, result, share),
    ...leftForLater(result, share),
    ...facts(job, result, newest),
    ...(decision ? [section(decision)] : []),
    ...(newest ? buttons(job, result) : []),
  ];
}

/** While people decide by it, the newest result also knows what happened at GitHub after it was written. */
function verdictNow(job: Job, { turn }: TurnResult, verdict: Verdict): Verdict {
  const isDecided = job.status !== 'in_review' || job.results.at(-1)?.turn !== turn;
  return isDecided ? verdict : (standingRisk(job) ?? verdict);
}

function summaryTitle(job: Job, result: TurnResult): string {
  const title = result.summary?.title ?? plainTask(job);
  if (job.pull && result.outcome === 'pull') return link(job.pull.url, `#${job.pull.number} ${title}`);
  return fitMrkdwn(title, 400);
}

function body(job: Job, result: TurnResult, share: number): KnownBlock[] {
  switch (result.outcome) {
    case 'pull': {
      if (result.verdict) return [markdown(verdictBody(result, result.verdict, { base: job.base, share }))];
      const { changed = '', checked = '', risks = '' } = result.summary ?? {};
      const first = mostTelling(result.findings ?? [], FINDINGS_SHOWN)
        .map(describeFinding)
        .join('\n');
      const ran = (result.checks ?? []).map((check) => describeCheck(check, job.base)).join('\n');
      const text = [
        ...(first ? [`**Look at first**\n${tameMarkdown(first, share * ROOM.findings)}`] : []),
        named('What changed', tameMarkdown(calmHeadings(changed), share * ROOM.changed)),
        ...(ran ? [`**Checks, run by Errand**\n${tameMarkdown(ran, share * ROOM.checks)}`] : []),
        named(
          ran ? 'What the agent says it checked' : 'How it was checked',
          tameMarkdown(calmHeadings(checked) || 'The agent did not say.', share * ROOM.checked),
        ),
        named('Risks', tameMarkdown(calmHeadings(risks) || 'The agent named none.', share * ROOM.risks)),
      ].join('\n\n');
      return [markdown(text)];
    }
    case 'review':
      return result.verdict ? [markdown(reviewBody(job, result, result.verdict, share))] : [];
    case 'answer':
      return result.answer ? [markdown(tameMarkdown(result.answer, share * ROOM.answer))] : [];
    case 'plan':
      return planBlocks(job, result, share);
    case 'failed':
      return [section(fitMrkdwn(result.failure?.reason ?? 'No reason is known.', LIMITS.section))];
    case 'stopped':
      return [section(stoppedWords(job))];
  }
}

/** What would have made the pull too large to read. */
function leftForLater({ split = [] }: TurnResult, share: number): KnownBlock[] {
  if (split.length === 0) return [];
  const parts = tameMarkdown(calmHeadings(describeSplit(split)), share * ROOM.split);
  return [markdown(`**Left for later, as tasks of their own**\n${parts}`)];
}

/** On the newest result the head is the one that its buttons decide on, also after somebody pushed. */
function facts(job: Job, result: TurnResult, newest: boolean): KnownBlock[] {
  const head = newest && job.pull && result.headSha ? job.pull.headSha : result.headSha;
  const lines = [
    ...(result.size ? [sizeLine(result.size)] : []),
    [
      ...(head ? [`head \`${short(head)}\``] : []),
      ...(job.issue ? [link(job.issue.url, `issue #${job.issue.number}`)] : []),
      ...(result.durationMs === undefined ? [] : [`took ${duration(result.durationMs)}`]),
      usageLine(ownUsage(result), describeSessions(result.handedOver)),
    ]
      .filter((part) => part !== '')
      .join(' · '),
    ...(result.verdict ? [effortLine(result.verdict)] : []),
    ...(result.warnings ?? [])
      .slice(0, WARNINGS_SHOWN)
      .map((warning) => `:warning: ${fitMrkdwn(warning, 500)}`),
  ].filter((line) => line !== '');
  return lines.length === 0 ? [] : [contextBlock(lines)];
}

/** Where the verdict sums up all sessions, their tokens and money stand there. */
function ownUsage({ usage, verdict }: TurnResult): TurnResult['usage'] {
  if (!verdict?.sessions.length) return usage;
  const { totalTokens: _tokens, cost: _cost, ...context } = usage;
  return context;
}

/** `3 files, +20 −4: src/a.js +10 −2, …` */
function sizeLine(size: ChangeSize): string {
  const files = size.files.map(
    (file) => `\`${file.path.replaceAll('`', "'")}\` +${file.added} −${file.deleted}`,
  );
  const rest = size.fileCount - size.files.length;
  const count = size.fileCount === 1 ? '1 file' : `${size.fileCount} files`;
  const list = [...files, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
  return fitMrkdwn(`${count}, +${size.added} −${size.deleted}: ${list}`, LIMITS.files);
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function buttons(job: Job, result: TurnResult): KnownBlock[] {
  if (result.outcome === 'plan') return planButtons(job, result);
  if (job.status === 'in_review' && job.pull) return [decisionButtons(job, job.pull.headSha)];
  if (job.status === 'failed' && result.outcome === 'failed') {
    const value = buildButtonValue({ jobId: job.id, turn: job.turn });
    const retry = { type: 'button' as const, action_id: ACTION.retry, value, text: plain(BUTTONS.retry) };
    const reject = { type: 'button' as const, action_id: ACTION.reject, value, text: plain(BUTTONS.reject) };
    const elements = job.pull ? [retry, ...updateButton(job), reject] : [retry];
    return [{ type: 'actions', block_id: `retry_${job.id}`, elements }];
  }
  return taughtSomething(job) ? [rememberButton(job)] : [];
}

function rememberButton(job: Job): KnownBlock {
  const value = buildButtonValue({ jobId: job.id, turn: job.turn });
  const text = plain(BUTTONS.remember);
  return {
    type: 'actions',
    block_id: `remember_${job.id}`,
    elements: [{ type: 'button', action_id: ACTION.remember, value, text }],
  };
}

/** Only where the branch does not stand on its base any more. */
function updateButton(job: Job): Button[] {
  if (!job.outside?.outdated || job.outside.closed) return [];
  const value = buildButtonValue({ jobId: job.id, turn: job.turn });
  return [{ type: 'button', action_id: ACTION.update, value, text: plain(BUTTONS.update) }];
}

function decisionButtons(job: Job, sha: string): KnownBlock {
  return {
    type: 'actions',
    block_id: `decide_${job.id}`,
    elements: [
      // A closed pull cannot be merged; the message says what to do first.
      ...(job.outside?.closed ? [] : [approveButton(job, sha)]),
      ...updateButton(job),
      {
        type: 'button',
        action_id: ACTION.changes,
        value: buildButtonValue({ jobId: job.id, turn: job.turn }),
        text: plain(BUTTONS.changes),
      },
      rejectButton(job, sha),
    ],
  };
}

function markdown(text: string): KnownBlock {
  return { type: 'markdown', text };
}
