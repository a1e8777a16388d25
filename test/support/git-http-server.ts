// A real Git server for tests: bare repositories behind git's own HTTP backend, with basic authentication.

import { appendFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

export type SeenRequest = Readonly<{ method: string; url: string; authorization: string | undefined }>;

/** Environment of the tests' own git: no hooks, identity or settings of the machine. */
export const TEST_GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
};

/** Starts it. Every request without these credentials is answered 401 and still noted in `seen`. */
export async function startGitServer(options: { username: string; password: string }) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'errand-git-server-')));
  const seen: SeenRequest[] = [];
  const expected = `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`;
  // Answers to give instead of git's, once each.
  const faults: Array<(request: IncomingMessage, response: ServerResponse) => boolean> = [];

  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, authorization: headers.authorization });
    const fault = faults[0];
    if (fault?.(request, response)) {
      faults.shift();
      return;
    }
    if (headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('who are you?');
      return;
    }
    void serve(root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  /** Runs git in a bare repository of the server. */
  async function git(repo: string, ...args: string[]): Promise<string> {
    const { stdout } = await execa('git', ['-C', join(root, `${repo}.git`), ...args], { env: TEST_GIT_ENV });
    return stdout;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    /** Where the bare repositories lie, as `owner/name.git`. */
    root,
    seen,
    faults,
    git,
    /** For faults that let git answer after all. */
    serve(request: IncomingMessage, response: ServerResponse): true {
      void serve(root, request, response);
      return true;
    },
    /** Refuses connections from now on. */
    async pause(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    /** Creates `owner/name` whose main has these files. Values are contents, or `-> target` for a link. */
    async createRepository(repo: string, files: Record<string, string>): Promise<string> {
      const dir = join(root, `${repo}.git`);
      await mkdir(dir, { recursive: true });
      await execa('git', ['init', '-q', '--bare', '--template=', '-b', 'main', dir], { env: TEST_GIT_ENV });
      await appendFile(join(dir, 'config'), '[http]\n\treceivepack = true\n');
      return this.commit(repo, 'main', files, 'Begin');
    },
    /** Commits files on a branch, as a person would who pushed. */
    async commit(
      repo: string,
      branch: string,
      files: Record<string, string>,
      message: string,
    ): Promise<string> {
      const stream = Object.entries(files).map(([path, text]) => {
        const link = text.startsWith('-> ');
        const content = link ? text.slice(3) : text;
        return `M ${link ? '120000' : '100644'} inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
      });
      const ref = `refs/heads/${branch}`;
      const tip = await git(repo, 'rev-parse', '--verify', '-q', ref).catch(() => undefined);
      const from = tip ? `from ${tip}\n` : '';
      const header = `commit ${ref}\nmark :1\ncommitter Ann <ann@example.com> now\ndata ${message.length}\n${message}\n${from}`;
      const args = ['-C', join(root, `${repo}.git`), 'fast-import', '--quiet', '--date-format=now'];
      const input = `${header}${stream.join('')}\nget-mark :1\n`;
      const { stdout: sha } = await execa('git', args, { input, env: TEST_GIT_ENV });
      return sha;
    },
    /** Commits a submodule: a name that stands for a commit of another repository. */
    async gitlink(repo: string, branch: string, path: string, sha: string): Promise<void> {
      const header = `commit refs/heads/${branch}\ncommitter Ann <ann@example.com> now\ndata 4\nLink\n`;
      const tip = await git(repo, 'rev-parse', branch);
      const args = ['-C', join(root, `${repo}.git`), 'fast-import', '--quiet', '--date-format=now'];
      const input = `${header}from ${tip}\nM 160000 ${sha} ${path}\n\n`;
      await execa('git', args, { input, env: TEST_GIT_ENV });
    },
    /** Installs a hook in a repository of the server. */
    async hook(repo: string, name: string, script: string): Promise<void> {
      const path = join(root, `${repo}.git`, 'hooks', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type GitServer = Awaited<ReturnType<typeof startGitServer>>;

/** Plays CGI: git's backend writes headers, an empty line and the body. */
async function serve(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = execa('git', ['http-backend'], {
    input: request,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    env: {
      ...TEST_GIT_ENV,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'tester',
    },
  });
  const { stdout } = await backend;
  const output = Buffer.from(stdout);
  const split = output.indexOf('\r\n\r\n');
  const headers = output
    .subarray(0, split)
    .toString()
    .split('\r\n')
    .map((line) => line.split(': ', 2));
  const status = Number(headers.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200);
  for (const [name = '', value = ''] of headers)
    if (name && name !== 'Status') response.setHeader(name, value);
  response.writeHead(status).end(output.subarray(split + 4));
}
