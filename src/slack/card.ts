// The job's card: what was asked, where it stands, what the agent is doing. Posted once, then only edited. Pure. It
// never mentions anybody, so that it notifies nobody; times are Slack dates, so that time passing is no edit.
import type { Button, KnownBlock } from '@slack/types';
import { contextPercent, type PlanStep, type Progress, type Usage } from '../job/agent-update.ts';
import type { HandedOver } from '../job/hand-over.ts';
import { isFinal, type Job, jobName } from '../job/job.ts';
import { formatRepo } from '../job/repo.ts';
import { ACTION, buildButtonValue } from './ids.ts';
import { isPlanShown, planSummary } from './plan-card.ts';
import { cutText, fitMrkdwn, LIMITS, link } from './text-limits.ts';
import { verdictLine } from './verdict.ts';
import { BUTTONS, statusWords, stopQuestion, waitingReplies } from './words/messages.ts';
import { outsideLines } from './words/outside.ts';

/** A message as it should be. `text` is what notifications and screen readers say. */
export type Rendered = Readonly<{ text: string; blocks: readonly KnownBlock[] }>;

/**
 * `pendingReplies` counts words that the agent has not heard yet. `streamed`: steps and activity stand in Slack's own task cards
 * below, and the card need not be edited for each of them.
 */
export function buildCard(
  job: Job,
  progress: Progress,
  pendingReplies: number,
  { streamed = false }: Readonly<{ streamed?: boolean }> = {},
): Rendered {
  const running = job.status === 'running';
  const news = [
    activityLine(progress, running && !streamed),
    running && job.warning ? `:warning: ${fitMrkdwn(job.warning, 500)}` : '',
    (running ? waitingReplies(pendingReplies, job.steerable) : undefined) ?? '',
  ].filter((line) => line !== '');
  const blocks: KnownBlock[] = [
    section(`*${jobName(job)}* · ${headline(job)}\n${statusWords(job)}`),
    ...verdictLine(job).map((line) => contextBlock([line])),
    ...planSummary(job).map((lines) => contextBlock([lines])),
    ...(streamed ? [] : stepsOf(job, progress)).map((steps) => section(planLines(steps))),
    ...(news.length > 0 ? [contextBlock([news.join('\n')])] : []),
    ...(isFinal(job.status) ? [] : outsideLines(job).map((line) => contextBlock([line]))),
    contextBlock([origin(job, usageLine(usageOf(job, progress), sessionsWords(job)))]),
    ...buttons(job, pendingReplies),
  ];
  return { text: `${jobName(job)}: ${fitMrkdwn(plainTask(job), 1_000)}`, blocks };
}

/** What was asked, in a line: the issue's title, or the task's own words. */
export function plainTask(job: Job): string {
  if (job.reviewOf) return `Review pull #${job.reviewOf.number}: ${job.reviewOf.title}`;
  if (job.issue) return `Fix #${job.issue.number}: ${job.issue.title}`;
  return job.task.replaceAll(/\s+/g, ' ').trim();
}

function headline(job: Job): string {
  const about = job.reviewOf ?? job.issue;
  const line = about ? link(about.url, plainTask(job)) : fitMrkdwn(plainTask(job), 800);
  const more = about && job.task.trim() ? `\n>${fitMrkdwn(job.task.replaceAll(/\s+/g, ' '), 600)}` : '';
  return `${line}${more}`;
}

/** The small print: who asked, where, since when, and what it took so far. */
function origin(job: Job, usage: string): string {
  const asked = job.requesterName ? `asked by ${fitMrkdwn(job.requesterName, 80)}` : 'asked here';
  const parts = [
    asked,
    `${link(job.repoUrl, formatRepo(job.repo))} (${fitMrkdwn(job.base, 100)})`,
    `started ${slackDate(job.createdAt)}`,
    ...(job.agent
      ? [`agent ${fitMrkdwn(job.agent, 80)}${job.model ? ` / ${fitMrkdwn(job.model, 80)}` : ''}`]
      : []),
    ...(job.pull ? [link(job.pull.url, `pull #${job.pull.number}`)] : []),
    ...(usage === '' ? [] : [usage]),
  ];
  return cutText(parts.join(' · '), LIMITS.context);
}

/** What just happened needs no day. */
function slackTime(iso: string): string {
  return `<!date^${Math.floor(Date.parse(iso) / 1000)}^{time}|${iso}>`;
}

/** Slack turns this into the reader's own time zone; readers without it see the ISO date. */
export function slackDate(iso: string): string {
  return `<!date^${Math.floor(Date.parse(iso) / 1000)}^{date_short_pretty} at {time}|${iso}>`;
}

const MARKS: Readonly<Record<PlanStep['status'], string>> = {
  completed: ':white_check_mark:',
  in_progress: ':arrow_forward:',
  pending: ':white_large_square:',
};

/** How much of a plan is shown: 15 lines that fit into one section with their marks. */
const PLAN = { steps: 15, step: 150 } as const;

/** The agent's own list, and until it comes that of the plan that the agent works from. */
function stepsOf(job: Job, { plan }: Progress): readonly (readonly PlanStep[])[] {
  if (plan.length > 0) return [plan];
  if (job.plan === undefined || !isPlanShown(job)) return [];
  return [job.plan.steps.map((text) => ({ text, status: 'pending' as const }))];
}

function planLines(plan: readonly PlanStep[]): string {
  const shown = plan
    .slice(0, PLAN.steps)
    .map((step) => `${MARKS[step.status]} ${fitMrkdwn(step.text.replaceAll(/\s+/g, ' '), PLAN.step)}`);
  const rest = plan.length - shown.length;
  return [...shown, ...(rest > 0 ? [`…and ${rest} more`] : [])].join('\n');
}

function activityLine(progress: Progress, running: boolean): string {
  if (!running || progress.activity === undefined) return '';
  const at = progress.activityAt ? ` · ${slackTime(progress.activityAt)}` : '';
  return `Last: ${fitMrkdwn(progress.activity.replaceAll(/\s+/g, ' '), 200)}${at}`;
}

/** A new turn starts with empty progress; until it reports, the last turn's numbers stand. */
function usageOf(job: Job, progress: Progress): Usage {
  return { ...job.results.at(-1)?.usage, ...progress.usage };
}

/** Of the turn that is under way, or of the last one. */
function sessionsWords({ status, handedOver, results }: Job): string | undefined {
  const underWay = status === 'queued' || status === 'running';
  if (!underWay) return describeSessions(results.at(-1)?.handedOver);
  const count = (handedOver ?? []).length;
  return count === 0 ? undefined : `session ${count + 1} of this turn (${handOverWords(handedOver ?? [])})`;
}

/** `2 sessions (handed over at 61 %)`; undefined where one session did it all. */
export function describeSessions(handedOver: readonly HandedOver[] = []): string | undefined {
  if (handedOver.length === 0) return undefined;
  return `${handedOver.length + 1} sessions (${handOverWords(handedOver)})`;
}

function handOverWords(handedOver: readonly HandedOver[]): string {
  const at = handedOver.map(
    ({ percent, written }) =>
      `${Math.round(percent)} %${written ? '' : ' without a note, told from the record'}`,
  );
  return `handed over at ${at.join(', ')}`;
}

/** `context 43 % · session 2 of this turn · 12,345 tokens · 0.42 USD`, as far as the agent reports them. */
export function usageLine(usage: Usage, sessions?: string): string {
  const { totalTokens, cost } = usage;
  const percent = contextPercent(usage);
  return [
    ...(percent === undefined ? [] : [`context ${Math.round(percent)} %`]),
    ...(sessions === undefined ? [] : [sessions]),
    ...(totalTokens === undefined ? [] : [`${totalTokens.toLocaleString('en-US')} tokens`]),
    // Free models and subscriptions report a cost of nothing; that is no news.
    ...(cost === undefined || cost.amount === 0
      ? []
      : [`${cost.amount.toFixed(2)} ${fitMrkdwn(cost.currency, 20)}`]),
  ].join(' · ');
}

function buttons(job: Job, pendingReplies: number): KnownBlock[] {
  if (!isStoppable(job)) return [];
  const value = buildButtonValue({ jobId: job.id, turn: job.turn });
  const interruptible =
    job.status === 'running' && job.steerable === false && pendingReplies > 0 && !job.interrupt;
  return [
    {
      type: 'actions',
      block_id: 'card_buttons',
      elements: [
        ...(interruptible
          ? [{ type: 'button' as const, action_id: ACTION.interrupt, value, text: plain(BUTTONS.interrupt) }]
          : []),
        stopButton(job),
      ],
    },
  ];
}

/** Asks once more before it stops anything. */
export function stopButton(job: Job): Button {
  const question = stopQuestion(job);
  return {
    type: 'button',
    action_id: ACTION.stop,
    value: buildButtonValue({ jobId: job.id, turn: job.turn }),
    text: plain(BUTTONS.stop),
    style: 'danger',
    accessibility_label: `Stop ${jobName(job)}`,
    confirm: {
      title: plain(question.title),
      text: plain(question.text),
      confirm: plain(question.confirm),
      deny: plain(question.deny),
    },
  };
}

/** A merge can be stopped while GitHub is busy with it, in its queue say. */
export function isStoppable({ status, stop, problem }: Job): boolean {
  if (status === 'merging') return !stop && problem?.code === 'merge_under_way';
  return status === 'queued' || (status === 'running' && !stop);
}

export function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cutText(text, LIMITS.section) } };
}

export function contextBlock(lines: readonly string[]): KnownBlock {
  return {
    type: 'context',
    elements: lines.map((line) => ({ type: 'mrkdwn' as const, text: cutText(line, LIMITS.context) })),
  };
}

export function plain(text: string): { type: 'plain_text'; text: string } {
  return { type: 'plain_text', text };
}
