// `/agent link`: admins say who is who at GitHub; the account is then co-author, and its rights there count before Approve.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { rememberRequests, unfinish } from '../support/unfinished-requests.ts';

let errand: Errand;
afterEach(() => errand.close());

const ROOT = 'UROOT0001';

async function openWithAdmin() {
  errand = await openErrand({ env: { ERRAND_ADMINS: ROOT } });
  const { slack, ann, channel } = errand;
  slack.addUser({ id: ROOT, name: 'root' });
  slack.invite({ user: ann, channel, invitee: ROOT });
  return errand;
}
const says = async (text: string, user: string) => (await errand.types(text, { user })).answer();

async function told(user: string, act: () => unknown): Promise<string> {
  const before = errand.slack.ephemerals(user).length;
  await act();
  const found = await errand.slack.waitFor({
    description: 'a private answer',
    check: () => errand.slack.ephemerals(user)[before],
  });
  return errand.slack.renderEphemeral(found);
}

test('without admins nobody links, and is told what to set', async () => {
  errand = await openErrand({ halves: ['bot'] });
  expect(await says('/agent link @bob bobby', errand.ann)).toMatch(/ERRAND_ADMINS/);
  expect(await says('/agent link', errand.ann)).toMatch(/no GitHub login/);
});

test('an admin links, looks are for everybody, mistakes are named, a login belongs to one person', async () => {
  const { ann, bob, github } = await openWithAdmin();
  github.removeAccount('ghost');
  expect(await says('/agent link @bob bobby', ann)).toMatch(/Only @root may link/);
  expect(await says('/agent link @bob ghost', ROOT)).toMatch(/no person `?ghost/);
  expect(await says('/agent link bob', ROOT)).toMatch(/can't read/);
  expect(await says('/agent link @bob bobby', ROOT)).toMatch(/@bob is `?bobby/);
  expect(await says('/agent link', bob)).toMatch(/You are `?bobby/);
  expect(await says('/agent link @ann Bobby', ROOT)).toMatch(/is @bob already/);
  expect(await says('/agent link @bob none', ROOT)).toMatch(/no GitHub login now/);
  expect(await says('/agent link', bob)).toMatch(/no GitHub login/);
});

test('a link that comes to a bot again undoes nothing that was said since', async () => {
  const { bob } = await openWithAdmin();
  await rememberRequests(errand);
  await says('/agent link @bob bobby', ROOT);
  await says('/agent link @bob none', ROOT);
  expect(await unfinish(errand, { ageS: 60, text: 'bobby' })).toBe(1);
  await expect
    .poll(async () => (await errand.query('SELECT 1 FROM inbox WHERE handled_at IS NULL')).rowCount, {
      timeout: 15_000,
    })
    .toBe(0);
  expect(await says('/agent link', bob)).toMatch(/no GitHub login/);
});

test('a linked approver needs write access at GitHub, asked at the press and right before the merge', async () => {
  const { ann, github, repo } = await openWithAdmin();
  github.setCollaborator(repo, 'annie', 'read');
  await says('/agent link @ann annie', ROOT);
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  expect(await told(ann, () => job.presses('Approve'))).toMatch(/annie.*only read.*acme\/shop/);
  expect(github.pulls(repo)[0]?.state).toBe('open');

  github.setCollaborator(repo, 'annie', 'write');
  await errand.stopRunner();
  await job.presses('Approve');
  await job.cardSays(/[Mm]erging/);
  github.setCollaborator(repo, 'annie', 'read');
  await errand.addRunner();
  await job.says(/Not merged: GitHub does not let .*annie.* write/);

  github.setCollaborator(repo, 'annie', 'write');
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  const approvals = (await errand.eventsInside(job)).filter(
    (event) => event.kind === 'status' && event.data['event'] === 'approve',
  );
  expect(approvals.map((event) => event.data)).toMatchObject([{ login: 'annie' }, { login: 'annie' }]);
  const message = await lastMessage();
  expect(message).toMatch(/Co-authored-by: Ann <\d+\+annie@users\.noreply\./i);
});

/** The message of the newest commit on the base branch. */
async function lastMessage(): Promise<string> {
  const { apiUrl } = errand.config.github;
  const response = await fetch(`${apiUrl}/repos/${errand.repo}/commits/main`, {
    headers: { authorization: `Bearer ${errand.githubToken}` },
  });
  const { commit } = (await response.json()) as { commit: { message: string } }; // the local GitHub's own answer
  return commit.message;
}
