// Lists of people, in the deployment's settings and in the repository: who is on them may, everybody else is told whom to
// ask. The rules that count are those of the moment.
import { afterEach, expect, test } from 'vitest';
import { type Errand, type ErrandOptions, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

async function open(options: ErrandOptions = {}) {
  errand = await openErrand(options);
  return errand;
}

/** Somebody with an id that settings can name, in the channel #shop. */
function join(id: string): string {
  const { slack, ann, channel } = errand;
  const user = slack.addUser({ id, name: id.toLowerCase() }).id;
  slack.invite({ user: ann, channel, invitee: user });
  return user;
}

const setRules = (text: string) =>
  errand.github.commitTo(
    errand.repo,
    'main',
    { '.agents/config.yml': text },
    { message: 'Set who may do what' },
  );

async function told(user: string, act: () => unknown): Promise<string> {
  const { slack } = errand;
  const before = slack.ephemerals(user).length;
  await act();
  const found = await slack.waitFor({
    description: 'a private answer',
    check: () => slack.ephemerals(user)[before],
  });
  return slack.renderEphemeral(found);
}

const answerTo = async (text: string, user: string, channel?: string) =>
  (await errand.types(text, { user, ...(channel ? { channel } : {}) })).answer();

test("the deployment's lists: people, a user group and a channel may start, steer and set up", async () => {
  const env = { ERRAND_START: 'UCARL0001,C0OPS0001', ERRAND_STEER: 'UCARL0001', ERRAND_ADMINS: 'UROOT0001' };
  const { slack, ann, bob } = await open({ env });
  const carl = join('UCARL0001');
  const root = join('UROOT0001');
  slack.addChannel({ id: 'C0OPS0001', name: 'ops', members: [bob, slack.botUserId] });

  expect(await answerTo('/agent do tidy up', ann)).toMatch(/Only @ucarl0001, people in .*may start jobs/);
  expect(await errand.countJobs()).toBe(0);
  const inOps = await errand.asksScript(['write ops.txt <<ops'], { user: bob, channel: 'C0OPS0001' });
  await inOps.result();
  expect(await told(bob, () => inOps.presses('Request changes'))).toMatch(/Only @ucarl0001 may steer/);
  expect(await told(bob, () => inOps.replies('and tests'))).toMatch(/Only @ucarl0001 may steer/);
  const byCarl = await errand.asksScript(['write begun.txt <<', 'hang'], { user: carl });
  await byCarl.cardSays('Last: Edit begun.txt');
  expect(await told(bob, () => byCarl.presses('Stop', { user: bob }))).toMatch(/may stop jobs/);
  await byCarl.presses('Stop', { user: carl });
  await byCarl.cardSays('Stopped');

  expect(await answerTo('/agent repo acme/shop', ann)).toMatch(/Only @uroot0001 may set that up/);
  expect(await answerTo('/agent replies all', ann)).toMatch(/Only @uroot0001 may set that up/);
  expect(await answerTo('/agent replies all', root)).toMatch(/Done/);
});

test('a repository narrows by user group, and whoever joins the group may', async () => {
  const { slack, ann, bob } = await open();
  const leads = slack.addUserGroup([bob]);
  await setRules(`permissions:\n  start: [${leads}]\n  approve: [${leads}]\n  four_eyes: true\n`);
  expect(await answerTo('/agent do tidy up', ann)).toMatch(/may start jobs in `?acme\/shop/);
  slack.setUserGroup(leads, [ann, bob]);
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  expect(await told(ann, () => job.presses('Approve'))).toMatch(/somebody else must approve it/);
  await job.presses('Approve', { user: bob });
  await job.cardSays(':tada: Merged');
});

test('a group that Slack does not show lets nobody in', async () => {
  const { DEFAULT_SCOPES } = await import('../../src/playground/slack/web-api/scopes.ts');
  const scopes = DEFAULT_SCOPES.filter((scope) => scope !== 'usergroups:read');
  const { slack, ann } = await open({ slack: { scopes }, halves: ['bot'] });
  const leads = slack.addUserGroup([ann]);
  await setRules(`permissions:\n  start: [${leads}]\n`);
  expect(await answerTo('/agent do tidy up', ann)).toMatch(/may start jobs/);
  expect(await errand.countJobs()).toBe(0);
});

test('deployment and repository both name approvers: only who is on both lists', async () => {
  const { bob } = await open({ env: { ERRAND_APPROVERS: 'UCARL0001,UDORA0001' } });
  const carl = join('UCARL0001');
  const dora = join('UDORA0001');
  await setRules(`permissions:\n  approve: [UDORA0001, ${bob}]\n`);
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  expect(await told(bob, () => job.presses('Approve', { user: bob }))).toMatch(/ask @udora0001/);
  expect(await told(carl, () => job.presses('Approve', { user: carl }))).toMatch(/ask @udora0001/);
  await job.presses('Approve', { user: dora });
  await job.cardSays(':tada: Merged');
});

test('rules that are tightened after the press and before the merge stop the merge', async () => {
  await open();
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  await errand.stopRunner();
  await job.presses('Approve');
  await job.cardSays(/[Mm]erging/);
  await setRules('permissions:\n  four_eyes: true\n');
  await errand.addRunner();
  await job.says(/Not merged: by the rules nobody approves what they asked for themselves/);
  expect(errand.github.pulls(errand.repo)[0]?.state).toBe('open');
  await job.offers(await job.result(), ['Approve & merge', 'Request changes', 'Reject']);
});

test('a settings file that cannot be read: the deployment’s own approvers decide, everybody else is told the line', async () => {
  await open({ env: { ERRAND_APPROVERS: 'UCARL0001' } });
  const carl = join('UCARL0001');
  const { ann, bob } = errand;
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  await setRules('permissions:\n  aprove: [S012]\n');
  expect(await told(ann, () => job.presses('Approve'))).toMatch(
    /cannot be read.*line 2.*aprove.*ask @ucarl0001/s,
  );
  expect(await told(bob, () => job.replies('@errand use tabs', { user: bob }))).toMatch(
    /cannot be read.*line 2/s,
  );
  await job.presses('Approve', { user: carl });
  await job.cardSays(':tada: Merged');
});

test('while GitHub does not answer a start may go on, and the runner keeps it from the agent', async () => {
  const { bob } = await open({ halves: ['bot'] });
  await setRules(`permissions:\n  start: [${bob}]\n`);
  // Nobody has read the rules before: whatever the bot asks of the branch goes unanswered.
  errand.github.fault({ method: 'GET', path: /\/branches\/main|\/git\/ref/, status: 502, times: 20 });
  const job = await errand.asksScript(['write a.txt <<a']);
  errand.github.clearFaults();
  await errand.addRunner();
  const failed = await job.result();
  expect(job.words(failed)).toMatch(/do not let this person start jobs in .*acme\/shop/);
  const events = await errand.eventsInside(job);
  expect(events.filter((event) => event.kind === 'prompt')).toEqual([]);
});

test('a runner that does not know a user group waits until a bot has looked who is in it', async () => {
  const { slack, ann } = await open({ halves: ['bot'] });
  const team = slack.addUserGroup([ann]);
  await setRules(`permissions:\n  start: [${team}]\n`);
  errand.github.fault({ method: 'GET', path: /\/branches\/main|\/git\/ref/, status: 502, times: 20 });
  const job = await errand.asksScript(['write a.txt <<a']);
  errand.github.clearFaults();
  await errand.addRunner();
  await job.offers(await job.result(), ['Approve & merge', 'Request changes', 'Reject']);
});

test('words that waited are judged again: of somebody who may not steer any more they reach no agent', async () => {
  const { ann, bob } = await open();
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  await errand.stopRunner();
  const ts = job.replies('@errand script: write bad.txt <<bad', { user: bob });
  await job.reacted(ts, 'eyes');
  await setRules(`permissions:\n  steer: [${ann}]\n`);
  await errand.addRunner();
  expect(job.words(await job.result(2))).toMatch(/do not let this person steer in .*acme\/shop/);
  expect((await errand.eventsInside(job)).filter((event) => event.kind === 'prompt')).toHaveLength(1);

  job.replies('script: write good.txt <<good', { user: ann });
  await job.offers(await job.result(3), ['Approve & merge', 'Request changes', 'Reject']);
  expect(await errand.pushed(job, 'good.txt')).toBe('good');
  expect(await errand.pushed(job, 'bad.txt')).toBeUndefined();
});

test('earlier words of a thread go along only where their author may steer that repository', async () => {
  const { slack, ann, bob } = await open();
  const channel = slack.addChannel({ name: 'till', members: [ann, bob, slack.botUserId] }).id;
  await setRules(`permissions:\n  steer: [${ann}]\n`);
  const { ts: threadTs } = slack.post({ user: bob, channel, text: 'BOB: rewrite it all' });
  slack.post({ user: ann, channel, threadTs, text: 'ANN: only the till' });
  const job = await errand.mentions('please look into it', { channel, threadTs });
  await job.result();
  const written = await errand.pushed(job, 'NOTES.md');
  expect(written).toContain('ANN: only the till');
  expect(written).not.toContain('BOB');
});

test('a rejection by somebody who is named no more closes nothing', async () => {
  await open();
  const carl = join('UCARL0001');
  await setRules('permissions:\n  approve: [UCARL0001]\n');
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  await errand.stopRunner();
  await job.pressesAndSays('Reject', 'not like this', { user: carl });
  await job.cardSays('Rejected, the pull request is being closed');
  await setRules('permissions:\n  approve: []\n');
  await errand.addRunner();
  await job.says(/Not closed: by the rules as they are now/);
  expect(errand.github.pulls(errand.repo)[0]?.state).toBe('open');
});

test('a base that knows no rules, or others, does not get around those of the default branch', async () => {
  const { ann, bob, github, repo } = await open();
  await github.commitTo(repo, 'old', { 'OLD.md': 'yes' }, { message: 'Mark old' });
  const setBase = (text: string) =>
    github.commitTo(repo, 'old', { '.agents/config.yml': text }, { message: 'Set rules here' });
  await setBase(`permissions:\n  start: [members]\n  approve: [${bob}]\n`);
  await setRules(`permissions:\n  start: [${ann}]\n`);
  expect(await answerTo('/agent do tidy up base=old', bob)).toMatch(/may start jobs in `?acme\/shop/);
  expect(await errand.countJobs()).toBe(0);
  const job = await errand.asksScript(['write a.txt <<a'], { options: 'base=old' });
  await job.result();
  expect(await told(bob, () => job.presses('Approve', { user: bob }))).toMatch(/can decide on/);

  // The runner holds the same rules right before the merge.
  await errand.stopRunner();
  await job.presses('Approve');
  await job.cardSays(/[Mm]erging/);
  await setRules('permissions:\n  four_eyes: true\n');
  await errand.addRunner();
  await job.says(/Not merged: by the rules nobody approves what they asked for themselves/);
});

test('no job starts from the branch of another one', async () => {
  const { ann, github, repo } = await open({ halves: ['bot'] });
  await github.commitTo(repo, 'errand/J-7', { 'a.txt': 'a' }, { message: 'Add a' });
  expect(await answerTo('/agent do tidy up base=errand/J-7', ann)).toMatch(/is the branch of a job/);
  expect(await errand.countJobs()).toBe(0);
});
