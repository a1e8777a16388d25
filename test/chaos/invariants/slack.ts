// What people in Slack must find: one job for each accepted wish, one card and one result a turn, an answer to each word.
import type { Violation } from '../journal.ts';
import type { Recorded } from '../record.ts';
import type { Stage } from '../stage.ts';
import { ownMessages, slotOf, wordsOf } from '../thread.ts';

export function checkSlack(stage: Stage, record: Recorded): readonly Violation[] {
  return [...checkWishes(stage, record), ...checkMessages(stage, record), ...checkWords(stage, record)];
}

function checkWishes(stage: Stage, { jobs }: Recorded): Violation[] {
  return stage.journal.wishes.flatMap(({ token, outcome, user }) => {
    const own = jobs.filter(({ task, title }) => hasToken(`${task} ${title ?? ''}`, token));
    const rule = 'every accepted command is exactly one job';
    if (own.length > 1)
      return [{ rule, say: `${token} became ${own.map(({ id }) => `J-${id}`).join(' and ')}` }];
    const wasTold = stage.slack.ephemerals(user).length > 0;
    if (own.length === 0 && outcome === 'accepted' && !wasTold)
      return [{ rule, say: `${token} was accepted, and became no job and no answer` }];
    return [];
  });
}

/** `p1-try1` is no part of `p1-try12`. */
function hasToken(text: string, token: string): boolean {
  return new RegExp(`${token}(?!\\d)`).test(text);
}

function checkMessages(stage: Stage, { jobs }: Recorded): Violation[] {
  const own = ownMessages(stage.slack, stage.channel);
  const nameless = own.filter((message) => slotOf(message) === undefined);
  const counts = Map.groupBy(own, (message) => `J-${slotOf(message)?.job} ${slotOf(message)?.slot}`);
  const rule = 'one card a job and one result a turn';
  return [
    ...nameless.map((message) => ({ rule, say: `a message without a name: ${message.text.slice(0, 100)}` })),
    ...[...counts].flatMap(([what, { length }]) =>
      length > 1 ? [{ rule, say: `${what} stands ${length} times in Slack` }] : [],
    ),
    ...jobs.flatMap(({ id, results }) => {
      const wanted = ['card', ...Array.from({ length: results }, (_, index) => `result:${index + 1}`)];
      return wanted
        .filter((slot) => !counts.has(`J-${id} ${slot}`))
        .map((slot) => ({ rule, say: `J-${id} lacks its ${slot} in Slack` }));
    }),
  ];
}

function checkWords(stage: Stage, { replies, jobs }: Recorded): Violation[] {
  const { slack, channel, journal } = stage;
  const said = ownMessages(slack, channel).map(wordsOf).join('\n');
  const rule = 'every reply is delivered to an agent or answered';
  return journal.words.flatMap(({ file, job, ts, user }) => {
    const stored = replies.filter(({ text }) => text.includes(`${file} `));
    if (stored.length > 1) return [{ rule, say: `the words for ${file} were stored ${stored.length} times` }];
    const [reply] = stored;
    if (reply?.delivered) return checkMark(stage, ts, file);
    const status = jobs.find(({ id }) => `J-${id}` === job)?.status ?? '';
    const isOver = ['merged', 'rejected', 'cancelled'].includes(status);
    // A job that was stopped keeps unheard words; what was said too late is answered in the thread or privately.
    if (reply) return isOver ? [] : [{ rule, say: `${job} has words for ${file} that nobody heard` }];
    const answered = said.includes('that is final') || slack.ephemerals(user).length > 0;
    return answered
      ? []
      : [{ rule, say: `the words for ${file} in ${job} were neither stored nor answered` }];
  });
}

function checkMark({ slack, channel }: Stage, ts: string | undefined, file: string): Violation[] {
  if (ts === undefined) return [];
  const marks = slack.reactions(channel, ts).map(({ name }) => name);
  if (marks.includes('white_check_mark') && !marks.includes('eyes')) return [];
  const rule = 'Slack shows what became of a reply';
  return [{ rule, say: `the words for ${file} were delivered, and carry ${marks.join(', ') || 'no mark'}` }];
}
