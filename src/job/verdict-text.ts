// The verdict in words: Markdown that GitHub and Slack both read. What decides stands first. Pure.
import type { Review } from './review.ts';
import type { Risk } from './risk.ts';
import { type Cost, type SessionRecord, sumSessions } from './sessions.ts';
import type { Verdict } from './verdict.ts';

/** More of them are in the list below. */
const REASONS_SHOWN = 4;
/** More of what blocks than this is one reason: it is not ready. */
const BLOCKING_SHOWN = 8;

/** As people say it at the start of a sentence. */
export function nameRisk(risk: Risk): string {
  return `${risk.charAt(0).toUpperCase()}${risk.slice(1)} risk`;
}

/** `no checks were run; nobody but its author has looked at it`. */
export function describeReasons({ reasons, riskReason }: Verdict): string {
  const all = reasons.length > 0 ? reasons : [riskReason];
  const rest = all.length - REASONS_SHOWN;
  return [...all.slice(0, REASONS_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

/** What blocks, each on one line of at most `most` characters; the first few. */
export function listBlocking({ blocking }: Verdict, most: number): readonly string[] {
  const shown = blocking.slice(0, BLOCKING_SHOWN).map((say) => oneLine(say, most));
  const rest = blocking.length - shown.length;
  return rest > 0 ? [...shown, `And ${rest} more.`] : shown;
}

/** The head of a pull's body: one word of risk, why, and what blocks. */
export function describeHead(verdict: Verdict): string {
  const list = listBlocking(verdict, 600).map((say) => `- ${say}`);
  return [
    `**${nameRisk(verdict.risk)}**: ${describeReasons(verdict)}.`,
    ...(list.length > 0 ? [`**Blocking**, so *Approve* asks twice:\n${list.join('\n')}`] : []),
  ].join('\n\n');
}

/** `**No objection** by claude / opus (40 s)`: in a list of what was verified. */
export function describeOpinion(review: Review | undefined): string {
  if (review === undefined) return 'nobody else was asked';
  const who = nameAgent(review);
  switch (review.outcome) {
    case 'approved':
      return `no objection by ${who} (${time(review.durationMs)})`;
    case 'objected':
      return `${who} objects (${time(review.durationMs)})`;
    case 'missing':
      return `missing: ${who} ${oneLine(review.why ?? 'did not answer', 200)}`;
  }
}

/** `4 sessions, 6 prompts, 3 min, 51,234 tokens, 0.42 USD`, as far as agents tell. */
export function describeCost(cost: Cost): string {
  return [
    count(cost.sessions, 'session'),
    count(cost.prompts, 'prompt'),
    time(cost.durationMs),
    ...(cost.totalTokens === undefined ? [] : [`${cost.totalTokens.toLocaleString('en-US')} tokens`]),
    ...(cost.cost === undefined ? [] : [money(cost.cost)]),
  ].join(', ');
}

/** One line a session. */
export function describeSessions(sessions: readonly SessionRecord[]): string {
  return sessions
    .map((session) => {
      const { sessions: _one, ...cost } = sumSessions([session]);
      const parts = describeCost({ ...cost, sessions: 1 }).replace('1 session, ', '');
      return `- ${session.part} (${nameAgent(session)}): ${parts}`;
    })
    .join('\n');
}

/** The account of what all of it took: the sum, and each session on demand. */
export function describeEffort(sessions: readonly SessionRecord[]): string {
  const sum = describeCost(sumSessions(sessions));
  return `<details><summary>What it took: ${sum}</summary>\n\n${describeSessions(sessions)}\n\n</details>`;
}

/** `claude / opus`; a model's name may hold anything but spaces. */
function nameAgent({ agent, model }: Readonly<{ agent: string; model?: string | undefined }>): string {
  const name = (text: string) => `\`${oneLine(text, 80).replaceAll('`', "'")}\``;
  return model === undefined ? name(agent) : `${name(agent)} / ${name(model)}`;
}

function money({ amount, currency }: Readonly<{ amount: number; currency: string }>): string {
  return `${amount.toFixed(2)} ${currency.replaceAll(/[^A-Za-z]/g, '').slice(0, 8)}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** `40 s`, `3 min`. */
function time(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function oneLine(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
