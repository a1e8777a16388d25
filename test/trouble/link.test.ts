// `/agent link`: admins say who is who at GitHub; the account is then co-author, and its rights there count before Approve.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { runCommand } from '../support/errand-command.ts';
import { toldAfter } from '../support/outsiders.ts';
import { rememberRequests, unfinish } from '../support/unfinished-requests.ts';

let errand: Errand;
afterEach(() => errand.close());

const ROOT = 'UROOT0001';

async function openWithAdmin(env: Readonly<Record<string, string>> = {}) {
  errand = await openErrand({ env: { ERRAND_ADMINS: ROOT, ...env } });
  const { slack, ann, channel } = errand;
  slack.addUser({ id: ROOT, name: 'root' });
  slack.invite({ user: ann, channel, invitee: ROOT });
  return errand;
}
const says = async (text: string, user: string) => (await errand.types(text, { user })).answer();

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
  const { entries } = await runCommand(errand, ['audit', '--json']);
  const account = { login: 'bobby', id: expect.any(Number) };
  expect(entries()).toMatchObject([
    { what: 'linked', who: ROOT, detail: { person: bob, account } },
    { what: 'unlinked', who: ROOT, detail: { person: bob } },
  ]);
  expect(entries().some((entry) => 'job' in entry)).toBe(false);
  const { stdout } = await runCommand(errand, ['audit']);
  expect(stdout).toContain(`- linked ${ROOT} {"person":"${bob}"`);
});

test('a name at GitHub that is another account by now inherits no rights: neither at the press nor before the merge', async () => {
  const { ann, github, repo } = await openWithAdmin();
  github.setCollaborator(repo, 'annie', 'write');
  await says('/agent link @ann annie', ROOT);
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  await errand.stopRunner();
  await job.presses('Approve');
  await job.cardSays(/[Mm]erging/);
  // Ann renamed her account, and somebody else took the old name.
  await errand.query('UPDATE people SET github_id = github_id + 1');
  await errand.addRunner();
  await job.says(/Not merged: .*annie.* is no longer the account/);
  await job.offers(await job.result(), ['Approve & merge', 'Request changes', 'Reject']);
  expect(await toldAfter(errand, ann, () => job.presses('Approve'))).toMatch(
    /no longer the same account.*\/agent link/,
  );
  expect(github.pulls(repo)[0]?.state).toBe('open');
});

test('where only linked people approve, the others are told how to be linked, and a link that is taken away stops the merge', async () => {
  const { ann, github, repo } = await openWithAdmin({ ERRAND_REQUIRE_LINK: 'true' });
  github.setCollaborator(repo, 'annie', 'write');
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  expect(await toldAfter(errand, ann, () => job.presses('Approve'))).toMatch(
    /linked to a GitHub account approve here. Ask @root to say.*\/agent link @ann LOGIN/,
  );
  await says('/agent link @ann annie', ROOT);
  await errand.stopRunner();
  await job.presses('Approve');
  await job.cardSays(/[Mm]erging/);
  await says('/agent link @ann none', ROOT);
  await errand.addRunner();
  await job.says(/Not merged: only people who are linked/);
  expect(github.pulls(repo)[0]?.state).toBe('open');
  await says('/agent link @ann annie', ROOT);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
});

test('a linked approver needs write access at GitHub, asked at the press and right before the merge', async () => {
  const { ann, github, repo } = await openWithAdmin();
  github.setCollaborator(repo, 'annie', 'read');
  await says('/agent link @ann annie', ROOT);
  const job = await errand.asksScript(['write a.txt <<a']);
  await job.result();
  expect(await toldAfter(errand, ann, () => job.presses('Approve'))).toMatch(/annie.*only read.*acme\/shop/);
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
