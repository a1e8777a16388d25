// What people decide by: the word of risk and its reason, what blocks, what was verified and what it took, the same in Slack
// and on the pull. What blocks is asked about twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IN_SPITE } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '3', ERRAND_REVIEW: 'on' } });
});
afterAll(() => errand.close());

const SETTINGS = 'checks: {tests: test ! -e broken.txt}\n';

/** A job in a repository with one check, whose reviewer answers this. */
async function asked(story: string, directives: readonly string[], review: object) {
  const { repo, channel } = await ownRepository(errand, story);
  await errand.github.commitTo(
    repo,
    'main',
    { '.agents/config.yml': SETTINGS },
    { message: 'Say what is checked' },
  );
  const job = await errand.asksScript(directives, {
    channel,
    options: `repo=${repo}`,
    others: [`script reviewer: answer ${JSON.stringify(review)}`],
  });
  const result = await job.result(1, 100_000);
  return { job, result, repo, ...onlyPull(errand, repo) };
}

/** Shows a message of the bot's as another version of it would have. */
async function edits(ts: string, channel: string, blocks: unknown) {
  const { SLACK_API_URL: url, SLACK_BOT_TOKEN: token } = errand.world.env;
  const response = await fetch(`${url}chat.update`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, ts, text: 'As before', blocks }),
  });
  expect(await response.json()).toMatchObject({ ok: true });
}

const CHECKED =
  'answer ## Title\\nSay hello\\n## What changed\\nhello.txt\\n## How it was checked\\n`test` passed\\n## Risks\\nNone seen';
const APPROVAL = { verdict: 'approve', summary: 'It says hello.', look_first: ['hello.txt: the greeting'] };
const OBJECTION = {
  verdict: 'object',
  summary: 'It greets nobody.',
  findings: [{ file: 'hello.txt', line: 1, severity: 'blocking', claim: 'Nobody is greeted.' }],
};

test.concurrent('a small change that was checked and reviewed is of low risk, and everywhere the same is said', async () => {
  const { job, result, pull } = await asked('low', ['write hello.txt <<hello', CHECKED], APPROVAL);
  await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
  const said = job.words(result);
  const body = pull().body ?? '';
  for (const text of [said, body]) {
    expect(text).toContain('Low risk');
    expect(text).toContain('all checks are green, and the reviewer has no objection');
    expect(text).toContain('hello.txt: the greeting');
    expect(text).toMatch(/✓ \*\*tests\*\* passed in \d+ s/);
    expect(text).toContain('It says hello.');
    expect(text).toMatch(/2 sessions, 2 prompts, \d+ s/);
  }
  await job.cardSays('*Low risk*');
  expect(body).toMatch(/- author \(.+\): 1 prompt, \d+ s/);
  await job.presses('Approve');
  await job.cardSays('Merged');
});

test.concurrent('what blocks is named, and merged only by somebody who was told', async () => {
  const { job, result, pull, number, repo } = await asked(
    'blocked',
    ['write hello.txt <<hello', 'write broken.txt <<x', 'next say No. ;; next say No. ;; say No.'],
    OBJECTION,
  );
  await job.offers(result, IN_SPITE);
  const said = job.words(result);
  expect(said).toContain('*High risk*');
  expect(said).toMatch(
    /Blocking.*The check tests failed.*The reviewer objects at hello\.txt:1: Nobody is greeted\./,
  );
  expect(pull().body).toContain('**High risk**');
  const shown = errand.slack.message(job.channel, result.ts);
  const value = JSON.stringify(shown?.blocks).match(/"value":"([^"]+:anyway)"/)?.[1] ?? '';
  expect(value).toContain(pull().head.sha);
  expect(JSON.stringify(shown?.blocks)).toMatch(
    /"title":\{"type":"plain_text","text":"Merge in spite of this\?"/,
  );

  // A message that another version has shown does not say what is blocking.
  const blocks = JSON.parse(JSON.stringify(shown?.blocks).replace(value, value.replace(':anyway', '')));
  await edits(result.ts, job.channel, blocks);
  await job.presses('Approve');
  const question = await errand.slack.waitFor({
    description: 'the question',
    check: () =>
      errand.slack.ephemerals(errand.ann).find(({ text }) => text.includes(`${job.name} is not merged yet`)),
  });
  expect(errand.slack.renderEphemeral(question)).toContain('Nobody is greeted.');
  expect(errand.github.pull(repo, number).mergedAt).toBeNull();
  await errand.slack.click({
    user: errand.ann,
    channel: job.channel,
    ts: question.ts,
    actionId: 'job_approve',
  });
  await job.cardSays('Merged');
});
