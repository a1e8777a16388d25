// A reverse proxy as deployments have one: https outside, with a certificate of its own, and plain http to the one server behind
// it, under that server's own name (what nginx does unless it is told otherwise). Answers 502 while nobody is there.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { execa } from 'execa';
import { surroundings } from '../../src/surroundings.ts';

export type TlsProxy = Awaited<ReturnType<typeof openTlsProxy>>;

/** Opens it at `https://localhost:…`. Until it is closed this process trusts its certificate; browsers have to be told. */
export async function openTlsProxy() {
  const { key, cert } = await makeCertificate();
  let behind: number | undefined;
  const server = createServer({ key, cert }, (asked, answer) => passOn(asked, answer, behind));
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, cert]);
  return {
    url: `https://localhost:${typeof address === 'object' ? address?.port : ''}`,
    /** The port of the server behind it. */
    leadTo(port: number | undefined) {
      behind = port;
    },
    async close(): Promise<void> {
      setDefaultCACertificates(trusted);
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function passOn(asked: IncomingMessage, answer: ServerResponse, port: number | undefined): void {
  const fail = () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end('Bad gateway\n'));
  if (port === undefined) return void fail();
  const passed = request({
    host: '127.0.0.1',
    port,
    method: asked.method,
    path: asked.url,
    headers: {
      ...asked.headers,
      host: `127.0.0.1:${port}`,
      'x-forwarded-host': asked.headers.host,
      'x-forwarded-proto': 'https',
      'x-forwarded-for': asked.socket.remoteAddress,
    },
  });
  passed.on('error', fail);
  passed.on('response', (came) => {
    answer.writeHead(came.statusCode ?? 502, came.headers);
    // As it comes: whoever follows a stream waits for each line.
    answer.flushHeaders();
    pipeline(came, answer, () => {});
  });
  answer.on('close', () => passed.destroy());
  asked.pipe(passed);
}

async function makeCertificate(): Promise<{ key: string; cert: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'errand-tls-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    await execa('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], {
      env: surroundings(),
      extendEnv: false,
    });
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(dir, { recursive: true });
  }
}
