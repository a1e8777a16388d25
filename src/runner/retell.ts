// What a session that remembers nothing of a job is told of it: the note of the session before where there is one, else the
// job's story from the record.
import { describeHouse } from '../job/house.ts';
import type { Words } from '../job/prompt.ts';
import { buildFirstPrompt } from '../job/prompt.ts';
import { buildStory, type StoryEvent } from '../job/story.ts';
import { readEvents } from '../store/events.ts';
import { deliveredReplies } from '../store/replies.ts';
import { toWords } from './conversation.ts';
import type { Prepared } from './phases/prepare.ts';
import type { TurnRun } from './turn-run.ts';

/** People's earlier words go along beside a note, the newest of them. */
const MOST_WORDS = 30;

/** Where the base is being merged the news tell of them. */
export function untoldConflicts({ workspace }: Prepared): readonly string[] {
  return workspace.merging ? [] : workspace.conflicts;
}

/** The first prompt of a fresh session; `replies` are the words that no session had yet, `news` what the turn is for. */
export async function firstPrompt(
  turn: TurnRun,
  prepared: Prepared,
  { replies, news }: Readonly<{ replies: readonly Words[]; news: readonly string[] }>,
): Promise<string> {
  const job = turn.job();
  return buildFirstPrompt({
    job: { ...job, context: prepared.context },
    replies,
    news,
    conflicts: untoldConflicts(prepared),
    ...(prepared.issue ? { issue: prepared.issue } : {}),
    house: describeHouse(prepared.house, 'implement'),
    ...(await recall(turn)),
  });
}

async function recall(
  turn: TurnRun,
): Promise<Pick<Parameters<typeof buildFirstPrompt>[0], 'handOver' | 'heard' | 'story'>> {
  const { handOver, id } = turn.job();
  if (handOver === undefined) {
    const story = await retell(turn);
    return story ? { story } : {};
  }
  const heard = await deliveredReplies(turn.context.store.db.sql, id);
  return { handOver, heard: toWords(heard.slice(-MOST_WORDS)) };
}

/** What happened in this job so far, for a session that does not remember it. */
async function retell(turn: TurnRun): Promise<string | undefined> {
  const { store } = turn.context;
  const job = turn.job();
  const kept: StoryEvent[] = [];
  let afterId = 0;
  for (;;) {
    const page = await readEvents(store.db.sql, job.id, { afterId, kinds: ['prompt', 'agent'] });
    for (const event of page) {
      if (event.kind === 'prompt') kept.push({ kind: 'prompt', turn: event.turn, text: event.data.text });
      if (event.kind === 'agent') kept.push({ kind: 'agent', turn: event.turn, update: event.data });
    }
    // The story keeps only its newest part, so a long transcript need not be held whole.
    if (kept.length > 4_000) kept.splice(0, kept.length - 2_000);
    const last = page.at(-1);
    if (last === undefined) break;
    afterId = last.id;
  }
  for (const result of job.results) {
    const say = result.summary?.changed ?? result.answer ?? result.failure?.reason ?? '';
    kept.push({ kind: 'ended', turn: result.turn, outcome: result.outcome, say });
  }
  return buildStory(kept);
}
