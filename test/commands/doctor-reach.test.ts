// A Slack that errand doctor cannot reach: the cause is named, not only that something failed.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { runDoctor } from '../../src/commands/doctor.ts';
import { sayRoot } from '../../src/errors.ts';

/** What the doctor of the bot half says of Slack at this address. */
async function askSlackAt(url: string): Promise<unknown> {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_API_URL: url };
  await runDoctor({ json: true, half: 'bot', env: { ...env, ERRAND_HOME: tmpdir() }, write });
  const findings = said
    .trim()
    .split('\n')
    .map((line): { check: string } => JSON.parse(line));
  return findings.find(({ check }) => check === 'slack');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // it listens on a port
}

const close = (server: Server) => new Promise<void>((resolve) => void server.close(() => resolve()));

test('nobody listens there', async () => {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  expect(await askSlackAt(`http://127.0.0.1:${port}/api/`)).toMatchObject({
    ok: false,
    say: `Slack does not answer as it should: connect ECONNREFUSED 127.0.0.1:${port}.`,
  });
});

test('there is no such name', async () => {
  expect(await askSlackAt('http://slack.invalid/api/')).toMatchObject({
    say: expect.stringMatching(/(ENOTFOUND|EAI_AGAIN) slack\.invalid\.$/),
    mend: expect.stringContaining('reachable from here'),
  });
});

test('somebody answers whose certificate nobody vouches for', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'errand-certificate-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const about = ['-subj', '/CN=127.0.0.1', '-days', '1', '-keyout', key, '-out', cert];
  await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...about]);
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) });
  const port = await listen(server);
  onTestFinished(() => close(server));
  expect(await askSlackAt(`https://127.0.0.1:${port}/api/`)).toMatchObject({
    say: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    mend: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
});

test('a name with two addresses, none of which answers', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED ::1:80'), { code: 'ECONNREFUSED' });
  const several = new AggregateError([refused, new Error('the other')], '');
  const error = new Error('fetch failed', { cause: several });
  expect(sayRoot(error)).toBe('connect ECONNREFUSED ::1:80');
  expect(sayRoot('no error at all')).toBe('no error at all');
});
