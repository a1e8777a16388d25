// Who may look at the pages: nobody without signing in at Slack, no guests and strangers, and of a private channel's jobs
// only its members.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { createVisitor, fieldOf, pageSettings, publicUrlOf } from '../support/pages.ts';

let errand: Errand;
let job: JobThread;
let path = '';

beforeAll(async () => {
  errand = await openErrand({ env: await pageSettings() });
  job = await errand.asksScript(['write hello.txt <<hello', 'say Wrote a greeting.']);
  await job.result();
  path = `/jobs/${job.name}`;
});
afterAll(() => errand?.close());

const visitor = () => createVisitor(publicUrlOf(errand));

describe('without signing in', () => {
  test.for(['/jobs/J-1/now', '/jobs/J-1/stream'])('%s says nothing', async (address) => {
    const answer = await visitor().get(address);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe('Sign in first.');
  });

  test.for(['/', '/jobs/J-1'])('%s leads to the sign-in', async (address) => {
    const answer = await visitor().get(address);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`/sign-in?to=${encodeURIComponent(address)}`);
    expect(await answer.text()).not.toContain(job.name);
  });

  test('nothing can be pressed, and a made-up session is none', async () => {
    const someone = visitor();
    someone.cookies.set('errand-session', 'x'.repeat(43));
    expect((await someone.post(`${path}/press`, { act: 'approve' })).status).toBe(401);
    expect((await someone.get(path)).status).toBe(302);
    expect(someone.cookies.has('errand-session')).toBe(false);
  });

  test('health stays open', async () => {
    expect((await visitor().get('/health')).status).toBe(200);
  });
});

describe('signing in', () => {
  test('leads to the page that was wanted, with a cookie that scripts cannot read and a database that does not hold it', async () => {
    const ann = visitor();
    const answer = await ann.signIn(errand.ann, path);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(path);
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('errand-session='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    // Browsers take no cookie of either kind over plain http.
    expect(cookie).not.toMatch(/__Host-|Secure/i);
    const token = ann.cookies.get('errand-session') ?? '';
    const { rows } = await errand.query<{ all: string }>(
      'SELECT web_sessions::text AS all FROM web_sessions',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row.all).join()).not.toContain(token);
    const page = await (await ann.get(path)).text();
    expect(page).toContain('Wrote a greeting.');
    expect(page).not.toContain(token);
  });

  test('asks Slack for name and workspace alone, bound to this browser', async () => {
    const at = await visitor().beginSignIn();
    expect(at.searchParams.get('scope')).toBe('openid profile');
    expect(at.searchParams.get('team')).toBe(errand.slack.teamId);
    expect(at.searchParams.get('state')?.length).toBeGreaterThan(30);
    expect(at.searchParams.get('nonce')?.length).toBeGreaterThan(30);
    expect(at.searchParams.get('redirect_uri')).toBe(`${publicUrlOf(errand)}/sign-in/callback`);
  });

  test('fails in another browser, with another state, and with a code that was used', async () => {
    const ann = visitor();
    const back = await ann.agree(await ann.beginSignIn(), errand.ann);
    const thief = visitor();
    expect((await thief.ask(back)).status).toBe(400);
    const own = visitor();
    await own.beginSignIn();
    // Somebody lures them into the thief's own account, or plays a code of another sign-in.
    expect((await own.ask(back)).status).toBe(403);
    expect(own.cookies.has('errand-session')).toBe(false);
    expect((await ann.ask(back)).status).toBe(302);
    expect((await ann.ask(back)).status).toBe(400);
  });

  test('says so where the person declines', async () => {
    const ann = visitor();
    const answer = await ann.ask(await ann.agree(await ann.beginSignIn(), ''));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('You told Slack not to sign you in.');
  });

  test.for([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    '/sign-in/slack',
    'javascript:alert(1)',
  ])('goes on to a page of ours, never to %s', async (to) => {
    const answer = await visitor().signIn(errand.ann, to);
    expect(answer.headers.get('location')).toBe('/');
  });

  test('ends with signing out, here and for a copy of the cookie', async () => {
    const ann = visitor();
    await ann.signIn(errand.ann, path);
    const copy = visitor();
    copy.cookies.set('errand-session', ann.cookies.get('errand-session') ?? '');
    expect((await copy.get(path)).status).toBe(200);
    const page = await (await ann.get(path)).text();
    expect((await ann.post('/sign-out', { token: 'guessed' })).status).toBe(403);
    expect((await ann.post('/sign-out', { token: fieldOf(page, 'token') })).status).toBe(303);
    expect((await copy.get(path)).status).toBe(302);
  });

  test('ends by itself', async () => {
    const ann = visitor();
    await ann.signIn(errand.ann, path);
    await errand.query(`UPDATE web_sessions SET expires_at = now() - interval '1 second'`);
    expect((await ann.get(path)).status).toBe(302);
  });
});

describe('who is let in', () => {
  test('guests and strangers are turned away', async () => {
    const guest = errand.slack.addUser({ name: 'gus', realName: 'Gus', isRestricted: true }).id;
    const stranger = errand.slack.addUser({ name: 'sue', realName: 'Sue', isStranger: true }).id;
    for (const id of [guest, stranger]) {
      const someone = visitor();
      const answer = await someone.signIn(id, path);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('Only for full members');
      expect(someone.cookies.has('errand-session')).toBe(false);
    }
  });

  test('whoever becomes a guest or leaves is out as soon as that is known, which takes five minutes at most', async () => {
    const dora = errand.slack.addUser({ name: 'dora', realName: 'Dora' }).id;
    const ed = errand.slack.addUser({ name: 'ed', realName: 'Ed' }).id;
    const [first, second] = [visitor(), visitor()];
    await first.signIn(dora);
    await second.signIn(ed);
    expect((await first.get('/')).status).toBe(200);
    errand.slack.changeUser(dora, { isRestricted: true });
    errand.slack.changeUser(ed, { isDeleted: true });
    // Another bot remembers nothing of them.
    await errand.restartBot();
    for (const former of [first, second]) {
      expect((await former.get(path)).status).toBe(403);
      expect((await former.get(path)).status).toBe(302);
    }
  });

  test('only members of a private channel see its jobs, and nobody learns that there are such', async () => {
    const carla = errand.slack.addUser({ name: 'carla', realName: 'Carla' }).id;
    const room = errand.slack.addChannel({
      name: 'secret-room',
      isPrivate: true,
      members: [errand.ann, errand.slack.botUserId],
    });
    const secret = await errand.asksScript(['say Nothing to do.'], { channel: room.id });
    await secret.result();
    const ann = visitor();
    await ann.signIn(errand.ann);
    expect((await ann.get(`/jobs/${secret.name}`)).status).toBe(200);
    const outsider = visitor();
    await outsider.signIn(carla);
    const theirs = await outsider.get(`/jobs/${secret.name}`);
    const nobodys = await outsider.get('/jobs/J-99999');
    expect(theirs.status).toBe(404);
    expect(await theirs.text()).toBe(await nobodys.text());
    expect((await outsider.get(`/jobs/${secret.name}/stream`)).status).toBe(404);
    expect((await outsider.get(`/jobs/${secret.name}/now`)).status).toBe(404);
    const page = await (await outsider.get(path)).text();
    const token = fieldOf(page, 'token');
    const pressed = { token, key: 'k'.repeat(22), act: 'stop', turn: '1' };
    expect((await outsider.post(`/jobs/${secret.name}/press`, pressed)).status).toBe(404);
  });
});

test('strange requests are refused and nothing falls over', async () => {
  const ann = visitor();
  await ann.signIn(errand.ann);
  const token = fieldOf(await (await ann.get(path)).text(), 'token');
  const pressed = { token, key: 'k'.repeat(22), act: 'changes', turn: '1' };
  const answers = [
    await ann.get('/jobs/%E0%A4%A'),
    await ann.get('/jobs/J-1%00'),
    await ann.get('/jobs/12'),
    await ann.get(`${path}/constructor`),
    await ann.get('/assets/..%2f..%2fpackage.json'),
    await ann.post(`${path}/press`, { ...pressed, act: 'merge_all' }),
    await ann.post(`${path}/press`, { ...pressed, text: 'x'.repeat(100_000) }),
    await ann.post(`${path}/press`, { ...pressed, text: 'x'.repeat(4_000) }),
  ].map(({ status }) => status);
  expect(answers.filter((status) => status < 400)).toEqual([]);
  expect((await ann.get(`${path}?before=abc`)).status).toBe(200);
  expect((await ann.get('/?repo=%27&person=%00')).status).toBe(200);
});

test('every answer forbids what pages do not need', async () => {
  const ann = visitor();
  await ann.signIn(errand.ann, path);
  for (const address of [path, '/sign-in', '/', '/jobs/J-99999']) {
    const { headers } = await ann.get(address);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});
