// The pages of a deployment with a public address: over https, behind a proxy, on the one server that hears Slack. Cookies are
// bound to that one host, whatever else is served beside it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ErrandOverHttps, openErrandOverHttps } from '../support/errand-over-https.ts';
import { createVisitor, fieldOf, formOf } from '../support/pages.ts';

let deployed: ErrandOverHttps;

beforeAll(async () => {
  deployed = await openErrandOverHttps();
});
afterAll(() => deployed?.close());

/** What every cookie of ours says over https; a browser takes one of this name in no other way. */
function expectBoundToHost(line: string | undefined, name: string) {
  const [pair = '', ...rest] = (line ?? '').split('; ');
  expect(pair.split('=')[0]).toBe(`__Host-${name}`);
  const said = rest.filter((each) => !each.startsWith('Max-Age='));
  expect(said.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
}

test('somebody follows the link of the card, signs in, presses once, and signs out', async () => {
  const { errand, url } = deployed;
  const job = await errand.asksScript(['write hello.txt <<hello', 'say Wrote a greeting.']);
  await job.result();
  const path = `/jobs/${job.name}`;
  expect(job.cardText()).toContain(`${url}${path}`);

  const ann = createVisitor(url);
  expect((await ann.get(path)).headers.get('location')).toBe(`/sign-in?to=${encodeURIComponent(path)}`);
  const begun = await ann.get(`/sign-in/slack?to=${encodeURIComponent(path)}`);
  expectBoundToHost(begun.headers.getSetCookie()[0], 'errand-sign-in');
  const at = new URL(begun.headers.get('location') ?? '');
  expect(at.searchParams.get('redirect_uri')).toBe(`${url}/sign-in/callback`);
  const back = await ann.ask(await ann.agree(at, errand.ann));
  expect(back.headers.get('location')).toBe(path);
  const [dropped, session, ...others] = back.headers.getSetCookie();
  expect(dropped).toMatch(/^__Host-errand-sign-in=;.*Max-Age=0/);
  expectBoundToHost(session, 'errand-session');
  expect(others).toEqual([]);
  expect([...ann.cookies.keys()]).toEqual(['__Host-errand-session']);

  const page = await (await ann.get(path)).text();
  expect(page).toContain('Wrote a greeting.');
  const form = formOf(page, 'approve');
  const bare = { origin: url.replace('https:', 'http:') };
  expect((await ann.post(`${path}/press`, form, bare)).status).toBe(403);
  const pressed = await ann.post(`${path}/press`, form);
  expect([pressed.status, pressed.headers.get('location')]).toEqual([303, path]);
  await job.cardSays('Merged');

  const out = await ann.post('/sign-out', { token: fieldOf(page, 'token') });
  expect(out.headers.getSetCookie()[0]).toMatch(/^__Host-errand-session=;.*Max-Age=0/);
  expect((await ann.get(path)).status).toBe(302);
});

test('a session under the plain name is none, so that no neighbouring host can set one', async () => {
  const ann = createVisitor(deployed.url);
  await ann.signIn(deployed.errand.ann);
  expect((await ann.get('/')).status).toBe(200);
  const tossed = createVisitor(deployed.url);
  tossed.cookies.set('errand-session', ann.cookies.get('__Host-errand-session') ?? '');
  expect((await tossed.get('/')).status).toBe(302);
});

test('the server that serves pages hears nobody but Slack as Slack', async () => {
  const command = new URLSearchParams({ command: '/agent', text: 'do evil', trigger_id: '1.2.3' });
  const forged = await fetch(`${deployed.url}/slack/events`, { method: 'POST', body: command });
  expect(forged.status).toBe(401);
  expect((await fetch(`${deployed.url}/ready`)).status).toBe(200);
});
