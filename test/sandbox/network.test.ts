// Which hosts a sandboxed command reaches, what it learns of secrets, and that refusals are told, with real servers.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { leadHere } from '../support/local-names.ts';
import {
  canSandbox,
  createSandboxHome,
  runScript,
  type SandboxHome,
  type SandboxJob,
} from '../support/sandbox-job.ts';

const KEY = 'sk-real-key-0123456789';
const HERE = 'model.test';
const address = '127.0.0.1';
const NODE = process.execPath;

/** Prints status and body of a GET; plain http goes to the proxy as an absolute request, as most clients do. */
function getScript(url: string, headers = ''): string {
  const client = url.startsWith('https') ? 'https' : 'http';
  const code = `require("node:${client}").get("${url}", { headers: { ${headers} } }, (r) => { r.setEncoding("utf8"); let t = ""; r.on("data", (d) => (t += d)); r.on("end", () => console.log(r.statusCode, t)); }).on("error", (e) => console.log("error", e.code))`;
  return `"${NODE}" -e '${code}'`;
}

describe.runIf(canSandbox())('the network behind the sandbox', () => {
  let sandbox: Sandbox;
  let home: SandboxHome;
  let job: SandboxJob;
  let certFolder: string;
  const seen: (string | undefined)[] = [];
  const answer: RequestListener = (request: IncomingMessage, response) => {
    seen.push(request.headers.authorization);
    response.end(`hello ${request.headers.authorization ?? ''}`);
  };
  const plain = createServer(answer);
  let secure: ReturnType<typeof createTlsServer>;
  let plainPort = 0;
  let securePort = 0;

  beforeAll(async () => {
    leadHere(HERE);
    certFolder = await mkdtemp(join(tmpdir(), 'errand-sandbox-cert-'));
    const [keyFile, certFile] = [join(certFolder, 'key'), join(certFolder, 'cert')];
    const subject = ['-subj', `/CN=${HERE}`, '-addext', `subjectAltName=DNS:${HERE}`];
    await execa('openssl', [
      ...'req -x509 -newkey rsa:2048 -nodes -days 2 -keyout'.split(' '),
      keyFile,
      '-out',
      certFile,
      ...subject,
    ]);
    const cert = await readFile(certFile, 'utf8');
    setDefaultCACertificates([...getCACertificates('default'), cert]);
    secure = createTlsServer({ key: await readFile(keyFile), cert }, answer);
    for (const server of [plain, secure]) await once(server.listen(0, address), 'listening');
    plainPort = portOf(plain);
    securePort = portOf(secure);
    sandbox = await createSandbox({ mode: 'srt', log: pino({ level: 'silent' }), plainHttpMasks: true });
    home = await createSandboxHome();
    job = await home.job('J-1');
  });
  afterAll(async () => {
    plain.close();
    secure.close();
    await sandbox.close();
    await home.remove();
    await rm(certFolder, { recursive: true, force: true });
  });
  const egress = () => [HERE, `${address}:${plainPort}`, `${address}:${securePort}`];
  const run = (script: string, more = {}) => runScript(sandbox, home.root, job, script, more);

  test('A listed host on this machine is reached, and nothing is reported', async () => {
    const done = await run(getScript(`http://${HERE}:${plainPort}/`), { egress: egress() });
    expect(done.stdout).toContain('200 hello');
    expect(done.denied).toEqual([]);
  });

  test('Node’s own fetch finds the proxy', async () => {
    const code = `fetch("http://${HERE}:${plainPort}/").then((r) => r.text()).then(console.log)`;
    const done = await run(`"${NODE}" -e '${code}'`, { egress: egress() });
    expect(done.stdout).toContain('hello');
  });

  test('A host that is not listed is refused and told once', async () => {
    const script = `${getScript('http://evil.test/')}; ${getScript('http://evil.test/again')}; ${getScript('https://other.test/')}`;
    const done = await run(script, { egress: egress() });
    expect(done.stdout).toContain('403');
    expect(done.denied).toEqual(['evil.test', 'other.test']);
  });

  test('What one job may reach another may not', async () => {
    const second = await home.job('J-2');
    const [open, shut] = await Promise.all([
      run(getScript(`http://${HERE}:${plainPort}/`), { egress: egress() }),
      runScript(sandbox, home.root, second, getScript(`http://${HERE}:${plainPort}/`)),
    ]);
    expect(open.stdout).toContain('200');
    expect(shut.stdout).toContain('403');
    expect(shut.denied).toEqual([HERE]);
    expect(open.denied).toEqual([]);
  });

  test('A name that leads to this machine is refused without the address beside it', async () => {
    const done = await run(getScript(`http://${HERE}:${plainPort}/`), { egress: [HERE] });
    expect(done.stdout).toContain('403');
    expect(done.denied).toEqual([HERE]);
  });

  test('A listed port of this machine is there under its own address, with or without a proxy', async () => {
    const code = `require("node:http").get({ host: "localhost", port: ${plainPort} }, (r) => r.pipe(process.stdout))`;
    const local = [`127.0.0.1:${plainPort}`];
    expect((await run(`"${NODE}" -e '${code}'`, { egress: local })).stdout).toContain('hello');
    expect((await run(`"${NODE}" -e '${code}' 2>&1`)).stdout).toContain('ECONNREFUSED');
  });

  test('There is no way around the proxy', async () => {
    const code = `require("node:net").connect(${plainPort}, "${address}").on("error", (e) => console.log(e.code)).on("connect", () => console.log("through"))`;
    const done = await run(`"${NODE}" -e '${code}'`, { egress: [HERE] });
    expect(done.stdout).toMatch(/ECONNREFUSED|ENETUNREACH/);
  });

  test('Local sockets are closed, Docker’s among them', async () => {
    const code = `require("node:net").connect("/var/run/docker.sock").on("error", (e) => console.log(e.code))`;
    expect((await run(`"${NODE}" -e '${code}'`)).stdout).toMatch(/EPERM|EACCES/);
  });

  test('A masked key is nowhere inside, and real on the wire over TLS', async () => {
    const masks = [{ variable: 'MODEL_KEY', value: KEY, hosts: [HERE] }];
    const env = { MODEL_KEY: KEY, CONFIG: JSON.stringify({ apiKey: KEY }) };
    const look = await run('env; cat /proc/*/environ /proc/*/cmdline | tr "\\0" "\\n"', { env, masks });
    expect(look.stdout).toContain('MODEL_KEY=fake_value_');
    expect(look.stdout).toContain('{"apiKey":"fake_value_');
    expect(look.stdout).not.toContain(KEY);
    seen.length = 0;
    const script = getScript(
      `https://${HERE}:${securePort}/`,
      'authorization: "Bearer " + process.env.MODEL_KEY',
    );
    const done = await run(script, { env, masks, egress: egress() });
    expect(done.stdout).toContain('200 hello');
    expect(seen).toEqual([`Bearer ${KEY}`]);
  });

  test('A masked key also reaches a plain http model where that is allowed', async () => {
    const masks = [{ variable: 'MODEL_KEY', value: KEY, hosts: [HERE] }];
    seen.length = 0;
    const script = getScript(`http://${HERE}:${plainPort}/`, 'authorization: process.env.MODEL_KEY');
    await run(script, { masks, egress: egress() });
    expect(seen).toEqual([KEY]);
  });

  test('A stand-in is worth nothing at other hosts or after its release', async () => {
    const masks = [{ variable: 'MODEL_KEY', value: KEY, hosts: ['elsewhere.test'] }];
    seen.length = 0;
    const script = `printf %s "$MODEL_KEY"; ${getScript(`http://${HERE}:${plainPort}/`, 'authorization: process.env.MODEL_KEY')} >/dev/null`;
    const done = await run(script, { masks, egress: egress() });
    expect(seen[0]).toMatch(/^fake_value_/);
    const again = getScript(`http://${HERE}:${plainPort}/`, `authorization: "${done.stdout}"`);
    await run(again, { masks: [{ variable: 'X', value: KEY, hosts: [HERE] }], egress: egress() });
    expect(seen[1]).toBe(done.stdout);
  });
});

function portOf(server: { address(): unknown }): number {
  const bound = server.address();
  if (typeof bound === 'object' && bound !== null && 'port' in bound) return Number(bound.port);
  throw new Error('the server does not listen');
}
