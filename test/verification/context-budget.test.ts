// An agent whose context fills: it is asked for a note in time and a fresh session goes on from it, so that people get one
// good result.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { asksWithin, promptsOf } from '../support/limited-job.ts';

vi.setConfig({ testTimeout: 180_000 });
/** Several sessions, one after the other, beside other stories. */
const PATIENCE_MS = 120_000;

/** Told to every agent once its context is full, and to every session that takes over. */
const WRAP_UP = 'Finish the step that you are at';
const ASKED = 'Your part: hand-over';
const TAKES_OVER = 'You take this job over';

let native: Errand;
let quiet: Errand;
beforeAll(async () => {
  const env = { ERRAND_SLOTS: '8' };
  native = await openErrand({ env });
  quiet = await openErrand({ env, agentFlags: '--steering=none' });
});
afterAll(async () => {
  await native.close();
  await quiet.close();
});

/** What an agent says in its note, as a line of its script. */
const note = (left: readonly string[]) =>
  `script hand-over: answer ${JSON.stringify({ done: ['one.txt'], left, decisions: ['Two files'], pitfalls: [] })}`;

const told = async (errand: Errand, job: JobThread) => (await promptsOf(errand, job)).map(({ text }) => text);
const count = (texts: readonly string[], words: string) =>
  texts.filter((text) => text.includes(words)).length;
const timesAsked = (texts: readonly string[]) => texts.filter((text) => text.startsWith(ASKED)).length;

describe('a context that fills while the agent works', () => {
  test.concurrent('is handed over, and a fresh session finishes the same turn', async () => {
    const { job, pushed } = await asksWithin(native, 'overflow', {
      script: ['remember apples', 'write one.txt <<1', 'fill 61 100 0.25'],
      others: [note(['script: write two.txt <<2', 'script: recall', 'script: usage 12 100 0.5'])],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, DECISION);
    expect(await pushed('one.txt')).toBe('1');
    expect(await pushed('two.txt')).toBe('2');
    const words = job.words(result);
    expect(words, 'a session that knows nothing of the first').toContain('Remembers: nothing');
    expect(words).toContain('context 12 % · 2 sessions (handed over at 61 %)');
    expect(words, 'the money of both').toContain('0.75 USD');
    await job.cardSays('2 sessions (handed over at 61 %)');
    const [task = '', wrapUp, asked, next = '', ...more] = await told(native, job);
    expect(wrapUp).toContain(WRAP_UP);
    expect(asked).toContain(ASKED);
    expect(next).toContain(TAKES_OVER);
    expect(next).toContain('## Decisions\n- Two files');
    expect([task.includes(TAKES_OVER), more]).toEqual([false, []]);
    job.expectNotifications(1);
  });

  test.concurrent('is left to finish its step; what people say then reaches the fresh session, once', async () => {
    const errand = await openErrand({ agentFlags: '--steering=queue' });
    try {
      const whistle = join(errand.dir, 'whistle');
      const { job, pushed } = await asksWithin(errand, 'said-late', {
        script: ['write one.txt <<1', 'fill 61 100 0', `wait-for-file ${whistle}`],
        others: [note(['script: append two.txt <<2'])],
      });
      await job.cardSays('context 61 %', PATIENCE_MS);
      const said = job.replies('script: append three.txt <<3');
      await job.cardSays('1 reply waits to be delivered');
      await writeFile(whistle, '');
      const result = await job.result(1, PATIENCE_MS);
      await job.reacted(said, 'white_check_mark');
      expect(job.words(result)).toContain('2 sessions (handed over at 61 %)');
      expect([await pushed('two.txt'), await pushed('three.txt')]).toEqual(['2', '3']);
      const texts = await told(errand, job);
      expect(count(texts, 'append three.txt')).toBe(1);
      expect(texts.find((text) => text.includes('append three.txt'))).toContain(TAKES_OVER);
      job.expectNotifications(1);
    } finally {
      await errand.close();
    }
  });

  test.concurrent('is handed over by whoever takes the job from a runner that stops meanwhile', async () => {
    const errand = await openErrand();
    try {
      const { job, pushed } = await asksWithin(errand, 'restarted', {
        script: ['write one.txt <<1', 'fill 61 100 0'],
        others: [
          'script hand-over: write note.txt <<1 ;; hang',
          note(['script: append two.txt <<2', 'script: usage 12 100 0']),
        ],
      });
      await job.cardSays('Last: Edit note.txt', PATIENCE_MS);
      await errand.restartRunner();
      const result = await job.result(1, PATIENCE_MS);
      await job.offers(result, DECISION);
      expect(job.words(result)).toContain('context 12 % · 2 sessions (handed over at 61 %)');
      expect([await pushed('one.txt'), await pushed('two.txt')]).toEqual(['1', '2']);
      expect(timesAsked(await told(errand, job)), 'the full session, once by each runner').toBe(2);
      job.expectNotifications(1);
    } finally {
      await errand.close();
    }
  });

  test.concurrent('needs no fresh session where the note says that all is done', async () => {
    const { job, pushed } = await asksWithin(native, 'all-done', {
      script: ['write one.txt <<1', 'fill 61 100 0', 'title Write one file'],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, DECISION);
    expect(job.words(result), 'what it ended its work with, not its note').toContain('Write one file');
    expect(job.words(result)).not.toContain('handed over');
    expect(await pushed('one.txt')).toBe('1');
    expect(count(await told(native, job), TAKES_OVER)).toBe(0);
    job.expectNotifications(1);
  });

  test.concurrent('is asked again where its note cannot be read', async () => {
    const { job, pushed } = await asksWithin(native, 'malformed', {
      script: ['write one.txt <<1', 'fill 61 100 0'],
      others: ['script hand-over: answer {"done": "one.txt"}', note(['script: write two.txt <<2'])],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, DECISION);
    expect(await pushed('two.txt')).toBe('2');
    expect(job.words(result)).toContain('2 sessions (handed over at 61 %)');
    const texts = await told(native, job);
    expect(timesAsked(texts)).toBe(2);
    expect(count(texts, 'Your note could not be read: `done`')).toBe(1);
    job.expectNotifications(1);
  });

  test.concurrent.each([
    ['malformed twice', 'answer I am nearly done.', 2],
    ['failed', 'crash 3', 1],
    ['silent', 'hang', 1],
  ])('is told from the record where its note is %s', async (how, directive, asked) => {
    const errand = how === 'silent' ? await openErrand({ limits: { silenceLimitMs: 20_000 } }) : native;
    try {
      const { job, pushed } = await asksWithin(errand, `no-note-${how.replace(' ', '-')}`, {
        script: ['write one.txt <<1', 'fill 61 100 0'],
        others: [`script hand-over: ${directive}`],
      });
      const result = await job.result(1, PATIENCE_MS);
      await job.offers(result, DECISION);
      expect(job.words(result)).toContain('handed over at 61 % without a note, told from the record');
      expect(await pushed('one.txt')).toBe('1');
      expect(await pushed('NOTES.md'), 'what the fresh session was told').toMatch(
        /What happened before.*the agent was told:.*Edit one\.txt/s,
      );
      expect(await pushed('NOTES.md')).not.toContain(ASKED);
      expect(timesAsked(await told(errand, job))).toBe(asked);
      job.expectNotifications(1);
    } finally {
      if (errand !== native) await errand.close();
    }
  });

  test.concurrent('is stopped at once where somebody presses Stop while it writes its note', async () => {
    const { job, pushed } = await asksWithin(native, 'stopped', {
      script: ['write one.txt <<1', 'fill 61 100 0'],
      others: ['script hand-over: write note.txt <<1 ;; hang'],
    });
    await job.cardSays('Last: Edit note.txt', PATIENCE_MS);
    await job.presses('Stop');
    const result = await job.result(1, PATIENCE_MS);
    expect(job.words(result)).toContain('was stopped');
    expect(job.words(result)).not.toContain('handed over');
    expect(await pushed('one.txt')).toBeUndefined();
    expect(count(await told(native, job), TAKES_OVER)).toBe(0);
    job.expectNotifications(1);
  });

  test.concurrent('again and again ends the turn with a reason, and the work and the last note are kept', async () => {
    const whistle = join(native.dir, `whistle-${crypto.randomUUID()}`);
    const left = ['fill 61 100 0', 'answer I stop here.'].map(
      (each) => `script: unless-file ${whistle} ${each}`,
    );
    const { job, pushed } = await asksWithin(native, 'endless', {
      script: ['write one.txt <<1', 'fill 61 100 0'],
      others: [note([...left, 'script: write two.txt <<2'])],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, ['Retry']);
    expect(job.words(result)).toContain('filled its context 6 times in this turn');
    expect(job.words(result)).toContain('`limits.context_percent`');
    await writeFile(whistle, '');
    await job.presses('Retry');
    await job.offers(await job.result(2, PATIENCE_MS), DECISION);
    expect(await pushed('one.txt')).toBe('1');
    expect(await pushed('two.txt')).toBe('2');
    const ofRetry = (await promptsOf(native, job)).filter(({ turn }) => turn === 2);
    expect(ofRetry.map(({ text }) => text.includes(TAKES_OVER))).toEqual([true]);
    job.expectNotifications(2);
  });
});

describe('an agent that cannot be disturbed', () => {
  test.concurrent('ends its step; words that came meanwhile reach the fresh session, once', async () => {
    const whistle = join(quiet.dir, `whistle-${crypto.randomUUID()}`);
    const { job, pushed } = await asksWithin(quiet, 'meanwhile', {
      script: ['write one.txt <<1', 'usage 70 100 0', `wait-for-file ${whistle}`],
    });
    await job.cardSays('context 70 %', PATIENCE_MS);
    const said = job.replies('script: append two.txt <<2');
    await job.cardSays('1 reply waits for the end of this turn');
    await writeFile(whistle, '');
    const result = await job.result(1, PATIENCE_MS);
    await job.reacted(said, 'white_check_mark');
    expect(await pushed('two.txt'), 'done once').toBe('2');
    expect(job.words(result)).toContain('2 sessions (handed over at 70 %)');
    const texts = await told(quiet, job);
    expect(count(texts, 'append two.txt')).toBe(1);
    expect(texts.find((text) => text.includes('append two.txt'))).toContain(TAKES_OVER);
    job.expectNotifications(1);
  });

  test.concurrent('is interrupted where its context is about to overflow', async () => {
    const { job, pushed } = await asksWithin(quiet, 'overflowing', {
      script: ['write one.txt <<1', 'usage 91 100 0', 'hang'],
      others: [note(['script: write two.txt <<2', 'script: usage 5 100 0'])],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, DECISION);
    expect(await pushed('one.txt')).toBe('1');
    expect(await pushed('two.txt')).toBe('2');
    expect(job.words(result)).toContain('context 5 % · 2 sessions (handed over at 91 %)');
    const texts = await told(quiet, job);
    expect([count(texts, WRAP_UP), timesAsked(texts), count(texts, TAKES_OVER)]).toEqual([0, 1, 1]);
    job.expectNotifications(1);
  });

  test.concurrent('is not told of red checks by its full session but by a fresh one', async () => {
    const { job, pushed } = await asksWithin(quiet, 'red-checks', {
      settings: 'checks:\n  tests: test ! -e one.txt -o -e two.txt\n',
      script: ['write one.txt <<1', 'usage 70 100 0'],
      others: [note(['script: write two.txt <<2'])],
    });
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, DECISION);
    expect(job.words(result)).toContain('✓ **tests** passed');
    expect(job.words(result)).toContain('2 sessions (handed over at 70 %)');
    expect(await pushed('two.txt')).toBe('2');
    const [, asked, next = '', ...more] = await told(quiet, job);
    expect(asked).toContain(ASKED);
    expect(next).toContain(TAKES_OVER);
    expect(next, 'what stands in the way').toContain('failed with exit code 1');
    expect(more).toEqual([]);
    job.expectNotifications(1);
  });

  test.concurrent('begins the next turn with a fresh session where the last one ended full', async () => {
    const { job, pushed } = await asksWithin(quiet, 'next-turn', {
      settings: 'limits: {context_percent: 30}',
      script: ['write one.txt <<1', 'usage 35 100 0'],
      others: [note([])],
    });
    await job.offers(await job.result(1, PATIENCE_MS), DECISION);
    const said = job.replies('script: append two.txt <<2');
    await job.reacted(said, 'white_check_mark');
    const result = await job.result(2, PATIENCE_MS);
    await job.offers(result, DECISION);
    expect(await pushed('one.txt')).toBe('1');
    expect(await pushed('two.txt')).toBe('2');
    expect(job.words(result)).toContain('handed over at 35 %');
    const ofTurn = (await promptsOf(quiet, job)).filter(({ turn }) => turn === 2).map(({ text }) => text);
    expect(ofTurn.map((text) => text.includes('append two.txt'))).toEqual([false, true]);
    expect(ofTurn[1]).toContain(TAKES_OVER);
    job.expectNotifications(2);
  });
});
