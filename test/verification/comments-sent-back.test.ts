// A turn for comments whose change the reviewer sends back once: what was answered before counts, the reviewer knows what
// people asked for, and a thread on a file that nobody touched stays open.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerLine, askedOf } from '../support/asked-of.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { promptsOf } from '../support/open-pull.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({
    env: { ERRAND_REVIEW: 'on' },
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
  });
});
afterAll(() => errand.close());

const OBJECTION = {
  verdict: 'object',
  summary: 'Half of it is missing.',
  findings: [{ severity: 'blocking', claim: 'It is not mended.' }],
};

test('answers that were given before the reviewer objected are not lost, and the reviewer knows what was asked', async () => {
  const { github } = errand;
  const { repo, channel } = await ownRepository(errand, 'sent-back');
  const directives = ['write hello.txt <<hello', 'write other.txt <<other', 'next append mended.txt <<yes'];
  const objects = `unless-file mended.txt answer ${JSON.stringify(OBJECTION)}`;
  const approves = answerLine('reviewer', { verdict: 'approve', summary: 'Fine.' });
  const job = await errand.asksScript(directives, {
    channel,
    options: `repo=${repo}`,
    others: [`script reviewer: when-file loud.txt ${objects}`, approves],
  });
  await job.result();
  const { number, pull } = onlyPull(errand, repo);
  const say = (comment: number | undefined, did: string, words: string) => ({
    comment: `c${comment}`,
    did,
    say: words,
  });
  const [first = 0] = await github.reviewLines(repo, number, {
    author: 'carla',
    lines: [
      {
        path: 'hello.txt',
        line: 1,
        body: 'Louder.\nscript: write hello.txt <<HELLO ;; write loud.txt <<loud',
      },
      { path: 'other.txt', line: 1, body: 'And rename this.' },
      {
        path: 'hello.txt',
        line: 1,
        body: ([louder, rename, why]) => {
          const answers = [
            say(louder, 'addressed', 'It shouts.'),
            say(rename, 'addressed', 'Renamed.'),
            say(why, 'answered', 'The task names it.'),
          ];
          return `Why this?\nscript: answer Done.\\n\\n\`\`\`json\\n${JSON.stringify({ answers })}\\n\`\`\``;
        },
      },
    ],
  });
  const result = await job.result(2, 100_000);
  expect(job.words(result)).toContain('Comments on GitHub: 1 addressed, 2 answered. 1 of them is said to be');
  const answered = () => pull().reviewComments.filter(({ inReplyTo }) => inReplyTo !== null);
  expect(answered().map(({ body }) => body.split('\n')[0])).toEqual([
    'Done. It shouts.',
    'Renamed.',
    'The task names it.',
  ]);
  expect([...pull().resolvedThreads.keys()]).toEqual([first]);
  expect((await promptsOf(errand, job)).at(-1), 'it was sent back').toContain('It is not mended.');
  const reviewers = async () => (await askedOf(errand, job)).map(({ prompt }) => prompt);
  expect((await reviewers()).at(-1)).toMatch(/# What people asked for under the pull.*And rename this\./s);

  // A later turn's reviewer knows of them, too, and what that turn is for.
  const log = 'expected 3, got 4';
  github.setCheck(repo, pull().head.sha, { name: 'test', status: 'completed', conclusion: 'failure', log });
  await job.result(3, 100_000);
  expect((await reviewers()).at(-1)).toMatch(/And rename this\..*# Checks that were red at GitHub.*got 4/s);
});
