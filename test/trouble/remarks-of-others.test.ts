// Words under a pull in bad company: lists of who may steer, and a runner that dies between two answers.
import { expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';
import { openPull, promptsOf } from '../support/open-pull.ts';
import { startRunnerProcess } from '../support/runner-process.ts';

const ROOT = 'UROOT0001';
const LINE = { path: 'hello.txt', line: 1 };

test('where a list says who may steer, only they are heard, by the account that an admin linked', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({
    env: { ERRAND_ADMINS: ROOT, ERRAND_STEER: ROOT },
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
  });
  onTestFinished(errand.close);
  const { slack, github, ann, channel } = errand;
  slack.addUser({ id: ROOT, name: 'root' });
  slack.invite({ user: ann, channel, invitee: ROOT });
  await (await errand.types('/agent link @root rooty', { user: ROOT })).answer();
  await (await errand.types('/agent link @ann annie', { user: ROOT })).answer();
  const { job, repo, number } = await openPull(errand, 'listed');
  github.setCollaborator(repo, 'rooty', 'write');
  for (const author of ['carla', 'annie'])
    await github.reviewLines(repo, number, { author, lines: [{ ...LINE, body: `SECRET-OF-${author}` }] });
  await github.reviewLines(repo, number, {
    author: 'rooty',
    lines: [{ ...LINE, body: 'Louder.\nscript: write hello.txt <<HELLO' }],
  });
  await job.result(2);
  const prompts = (await promptsOf(errand, job)).join('\n');
  expect(prompts).toContain('rooty on "hello.txt"');
  expect(prompts).not.toContain('SECRET-OF');
});

test('whoever left the company, became a guest or lost their rights at GitHub is not heard, though their link stays', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({
    env: { ERRAND_ADMINS: ROOT },
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
  });
  onTestFinished(errand.close);
  const { slack, github, ann, bob, channel } = errand;
  slack.addUser({ id: ROOT, name: 'root' });
  slack.addUser({ id: 'UGUEST001', name: 'gus' });
  slack.invite({ user: ann, channel, invitee: ROOT });
  const links = { root: 'rooty', ann: 'annie', bob: 'bobby', gus: 'gusty' };
  for (const [name, login] of Object.entries(links))
    await (await errand.types(`/agent link @${name} ${login}`, { user: ROOT })).answer();
  const { job, repo, number } = await openPull(errand, 'left');
  for (const login of ['rooty', 'bobby', 'gusty']) github.setCollaborator(repo, login, 'write');
  github.setCollaborator(repo, 'annie', 'read');
  slack.changeUser(bob, { isDeleted: true });
  slack.changeUser('UGUEST001', { isRestricted: true });
  // What bots learnt of people before that was learnt a while ago; of some of them nobody ever learnt anything.
  await errand.query(`UPDATE standings SET read_at = read_at - interval '1 minute'`);
  for (const author of ['bobby', 'gusty', 'annie'])
    await github.reviewLines(repo, number, { author, lines: [{ ...LINE, body: `SECRET-OF-${author}` }] });
  await github.reviewLines(repo, number, {
    author: 'rooty',
    lines: [{ ...LINE, body: 'Louder.\nscript: write hello.txt <<HELLO' }],
  });
  await job.result(2, 60_000);
  const prompts = (await promptsOf(errand, job)).join('\n');
  expect(prompts).toContain('rooty on "hello.txt"');
  expect(prompts).not.toContain('SECRET-OF');
});

test('a runner that is killed between two answers: the next one answers the other, and nothing twice', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({
    halves: ['bot'],
    env: { ERRAND_POLL_S: '1' },
    limits: { lookEveryMs: 300, remarksQuietMs: 300 },
  });
  onTestFinished(errand.close);
  const { github } = errand;
  const doomed = await startRunnerProcess(errand, 'doomed-home');
  const { job, repo, number, pull } = await openPull(errand, 'killed');
  const replies = () => pull().reviewComments.filter(({ inReplyTo }) => inReplyTo !== null);
  // The second answer never comes that far.
  const [first = 0, second = 0] = await github.reviewLines(repo, number, {
    author: 'carla',
    lines: [
      { ...LINE, body: 'Louder.\nscript: write hello.txt <<HELLO' },
      {
        ...LINE,
        body: (ids) => {
          const answers = ids.map((id) => ({ comment: `c${id}`, did: 'addressed', say: `About ${id}.` }));
          return `And why?\nscript: answer \`\`\`json\\n${JSON.stringify({ answers })}\\n\`\`\``;
        },
      },
    ],
  });
  const path = `/repos/${repo}/pulls/${number}/comments/${second}/replies`;
  github.fault({ method: 'POST', path, delayMs: 5_000, dropBefore: true });
  await github.waitFor(() => replies().length === 1, { timeoutMs: 120_000 });
  await doomed.kill();
  await errand.addRunner('next-home');
  await job.result(2, 120_000);
  await github.waitFor(() => replies().length === 2, { timeoutMs: 60_000 });
  expect(replies().map(({ inReplyTo }) => inReplyTo)).toEqual([first, second]);
  await github.waitFor(() => pull().resolvedThreads.size === 2, { timeoutMs: 60_000 });
  expect([...pull().resolvedThreads.keys()]).toEqual([first, second]);
  job.expectNotifications(2);
  // The machine comes back and clears what its dead runner left there; closing the scenario looks.
  await errand.addRunner('doomed-home');
});
