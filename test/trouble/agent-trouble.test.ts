// Agents that fail. Each way ends in a `failed` job with a sentence a person can act on, one notification and Retry.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Errand, type ErrandOptions, openErrand } from '../support/errand.ts';
import { untilGone } from '../support/nothing-left.ts';

/** Everything that may go wrong is tried with one and the same checks. */
async function expectFailure(errand: Errand, directives: readonly string[], sentence: string | RegExp) {
  const job = await errand.asksScript(directives);
  const result = await job.result();
  expect(job.words(result)).toContain('could not finish');
  expect(job.words(result)).toMatch(sentence);
  await job.offers(result, ['Retry']);
  job.expectNotifications(1);
  return { job, result };
}

describe('an agent that works', () => {
  let errand: Errand;
  beforeAll(async () => {
    errand = await openErrand({ env: { ERRAND_SLOTS: '8' } });
  });
  afterAll(() => errand.close());

  test.concurrent('and crashes: its last words are told, its work is kept, Retry goes on with it', async () => {
    const { job, result } = await expectFailure(
      errand,
      ['write kept.txt <<kept', 'crash 3'],
      /stopped by itself with exit code 3.*told to crash/,
    );
    expect(errand.github.pulls(errand.repo).map((pull) => pull.head.ref)).not.toContain(`errand/${job.name}`);
    await job.presses('Retry');
    await job.offers(await job.result(2), ['Approve & merge', 'Request changes', 'Reject']);
    await job.offers(result, []);
    expect(await errand.pushed(job, 'kept.txt')).toBe('kept');
    job.expectNotifications(2);
  });

  test.concurrent('and answers with an error: the command retries it', async () => {
    const { job } = await expectFailure(
      errand,
      ['write kept.txt <<kept', 'fail the model is out of tea'],
      'the model is out of tea',
    );
    const told = await errand.types(`/agent retry ${job.name}`);
    expect(await told.answer()).toContain(`${job.name} is queued again.`);
    await job.result(2);
    expect(await errand.pushed(job, 'kept.txt')).toBe('kept');
  });

  test.concurrent('and refuses: a reply in other words is the next turn', async () => {
    const { job } = await expectFailure(errand, ['stop-reason refusal'], 'Reply in other words');
    job.replies('script: write polite.txt <<please');
    await job.result(2);
    expect(await errand.pushed(job, 'polite.txt')).toBe('please');
  });

  test.concurrent('and runs out of tokens is told to go on or to do less', async () => {
    await expectFailure(
      errand,
      ['stop-reason max_tokens'],
      'press Retry to go on, or reply with a smaller task',
    );
  });

  test.concurrent('and asks for a file outside is refused, and the record says so', async () => {
    const job = await errand.asksScript(['ask-permission edit /etc/passwd', 'write own.txt <<own']);
    const result = await job.result();
    expect(job.words(result)).toContain('Permission for edit /etc/passwd: never');
    const record = JSON.stringify(await errand.eventsInside(job));
    expect(record).toContain('/etc/passwd is outside the tree');
  });

  test.concurrent('and prints garbage between its messages is heard all the same', async () => {
    const job = await errand.asksScript(['garbage', 'write after.txt <<after']);
    await job.result();
    expect(await errand.pushed(job, 'after.txt')).toBe('after');
  });
});

describe('an agent that floods', () => {
  let errand: Errand;
  beforeAll(async () => {
    errand = await openErrand();
  });
  afterAll(() => errand.close());

  test('gets its work through, and its record stays small', async () => {
    const job = await errand.asksScript(['flood 20000', 'write after.txt <<after']);
    await job.result();
    expect(await errand.pushed(job, 'after.txt')).toBe('after');
    const said = (await errand.eventsInside(job)).filter((event) => event.kind === 'agent');
    expect(JSON.stringify(said).length).toBeLessThan(1_000_000);
    expect(JSON.stringify(said)).toContain('more than is kept');
  });
});

describe('an agent that never comes to an end', () => {
  const impatient = async (limits: NonNullable<ErrandOptions['limits']>, directives: readonly string[]) => {
    const errand = await openErrand({ limits });
    try {
      const orphan = join(errand.dir, 'orphan-id');
      const script = [`spawn-orphan ${orphan}`, 'write kept.txt <<kept', ...directives];
      const { job, result } = await expectFailure(errand, script, 'Its work so far is kept');
      const id = Number(await readFile(orphan, 'utf8'));
      await untilGone(id);
      await job.presses('Retry');
      await job.result(2);
      expect(await errand.pushed(job, 'kept.txt')).toBe('kept');
      return job.words(result);
    } finally {
      await errand.close();
    }
  };

  test.concurrent('is stopped when it shows no sign of life', async () => {
    expect(await impatient({ silenceLimitMs: 2_000 }, ['hang'])).toContain('no sign of life for 2 s');
  });

  test.concurrent('is stopped when it works for too long', async () => {
    const busy = Array.from({ length: 40 }, () => 'run sleep 0.3');
    expect(await impatient({ turnLimitMs: 5_000 }, busy)).toContain('worked for 5 s without finishing');
  });
});

describe('an agent that does not start', () => {
  const failing = async (options: ErrandOptions, sentence: string | RegExp) => {
    const errand = await openErrand(options);
    try {
      await expectFailure(errand, ['write a.txt <<a'], sentence);
    } finally {
      await errand.close();
    }
  };

  test.concurrent('because nobody logged it in says how to do that', async () => {
    await failing({ agentFlags: '--auth-required' }, /has no key to work with.*then retry the job/);
  });

  test.concurrent('because it speaks another language names the command to check', async () => {
    const env = { ERRAND_AGENT: 'echo I am no agent' };
    await failing({ env }, /does not speak the Agent Client Protocol.*I am no agent/);
  });

  test.concurrent('because there is no such program keeps its runner from starting', async () => {
    const env = { ERRAND_AGENT: 'no-such-agent-anywhere --acp' };
    const errand = await openErrand({ env, halves: [] });
    try {
      await expect(errand.addRunner()).rejects.toThrow(
        /There is no agent `no-such-agent-anywhere` on the runner/,
      );
    } finally {
      await errand.close();
    }
  });
});
