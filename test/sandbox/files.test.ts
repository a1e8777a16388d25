// What a sandboxed command may read and write, with real bubblewrap on real folders.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  canSandbox,
  createSandboxHome,
  runScript,
  type SandboxHome,
  type SandboxJob,
} from '../support/sandbox-job.ts';

describe.runIf(canSandbox())('files behind the sandbox', () => {
  let sandbox: Sandbox;
  let home: SandboxHome;
  let job: SandboxJob;
  let other: SandboxJob;
  const run = (script: string, more = {}) => runScript(sandbox, home.root, job, script, more);

  beforeAll(async () => {
    sandbox = await createSandbox({ mode: 'srt', log: pino({ level: 'silent' }) });
    home = await createSandboxHome();
    job = await home.job('J-1');
    other = await home.job('J-2');
  });
  afterAll(async () => {
    await sandbox.close();
    await home.remove();
  });

  test('A command writes its tree, home and tmp and they are there afterwards', async () => {
    const done = await run('echo a > tree/a && echo b > "$HOME/b" && echo c > "$TMPDIR/c"');
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readFile(join(job.tree, 'a'), 'utf8')).toBe('a\n');
    expect(await readFile(join(job.tmp, 'c'), 'utf8')).toBe('c\n');
  });

  test('A command cannot write its job folder, the runner, the system or another job', async () => {
    const targets = [join(job.dir, 'x'), join(process.cwd(), 'x'), '/etc/x', '/usr/x', join(other.tree, 'x')];
    for (const target of targets) {
      await run(`echo x > '${target}'`);
      expect(existsSync(target), target).toBe(false);
    }
  });

  test("A command cannot read another job's folder or list the jobs", async () => {
    const read = await run(`cat ${other.dir}/secret.txt; ls ${home.root}/jobs ${home.root}`);
    expect(read.stdout).not.toContain('secret of J-2');
    expect(read.stdout).not.toContain('J-2');
    expect((await run('cat secret.txt')).stdout).toBe('secret of J-1');
  });

  test('A link that leads to another job shows nothing', async () => {
    await symlink(other.dir, join(job.tree, 'door'));
    const read = await run('cat tree/door/secret.txt');
    expect(read.exitCode).not.toBe(0);
    expect(read.stdout).toBe('');
  });

  test('The home of whoever runs Errand is empty to a command', async () => {
    const marker = join(homedir(), `.errand-sandbox-test-${process.pid}`);
    await writeFile(marker, 'a key');
    try {
      const read = await run(`cat ${marker}; ls -A ${homedir()}/.ssh ${homedir()}/.aws`);
      expect(read.stdout).toBe('');
    } finally {
      await execa('rm', ['-f', marker]);
    }
  });

  test('The system temp folder is private: empty at first, and what is written there is gone afterwards', async () => {
    const left = join(tmpdir(), `left-${process.pid}`);
    // The folder that holds our own packages is there where the repository itself lies in the temp folder.
    const ours = process.cwd().split('/')[2] ?? 'none';
    const written = await run(
      `ls -A /tmp | grep -v -x -e 'errand-sandbox-test.*' -e 'claude-http.*' -e 'srt-ca.*' -e '${ours}'; echo x > ${left} && cat ${left}`,
    );
    expect(written.stdout).toBe('x');
    expect(existsSync(left)).toBe(false);
  });

  test('Jobs do not meet in the folder which the library shares between all commands', async () => {
    const shared = '/tmp/claude';
    const existed = existsSync(shared);
    await mkdir(shared, { recursive: true });
    await writeFile(join(shared, `left-${process.pid}`), 'by another job');
    try {
      const met = await run(`ls ${shared}; mkdir -p ${shared} && echo x > ${shared}/own && ls ${shared}`);
      expect(met.stdout).toBe('own');
      expect(existsSync(join(shared, 'own'))).toBe(false);
    } finally {
      await rm(existed ? join(shared, `left-${process.pid}`) : shared, { recursive: true });
    }
    expect((await run(`ls ${shared}`)).stdout).toBe('');
  });

  test('What is opened for a job is readable and not writable', async () => {
    const objects = join(home.root, 'repos', 'o', 'n.git', 'objects');
    await mkdir(objects, { recursive: true });
    await writeFile(join(objects, 'pack'), 'packed');
    await writeFile(join(home.root, 'repos', 'o', 'n.git', 'config'), 'token');
    const read = await run(`cat ${objects}/pack; cat ${objects}/../config; echo x > ${objects}/x`, {
      readable: [objects],
    });
    expect(read.stdout).toBe('packed');
    expect(existsSync(join(objects, 'x'))).toBe(false);
  });

  test('An agent installed under the home starts, and its neighbours stay hidden', async () => {
    const prefix = join(homedir(), `.errand-sandbox-agents-${process.pid}`);
    const packageDir = join(prefix, 'lib', 'node_modules', 'some-agent');
    try {
      await mkdir(join(prefix, 'bin'), { recursive: true });
      await mkdir(join(packageDir, 'dist'), { recursive: true });
      await writeFile(join(packageDir, 'package.json'), '{"type":"module"}');
      await writeFile(
        join(packageDir, 'dist', 'index.js'),
        "#!/usr/bin/env node\nprocess.stdout.write('hello');\n",
        { mode: 0o755 },
      );
      await symlink('../lib/node_modules/some-agent/dist/index.js', join(prefix, 'bin', 'some-agent'));
      await writeFile(join(prefix, 'token'), 'a key');
      const started = await run('', { argv: [join(prefix, 'bin', 'some-agent')] });
      expect(started).toMatchObject({ stdout: 'hello', exitCode: 0 });
      const env = { PATH: `${join(prefix, 'bin')}:${process.env['PATH']}` };
      expect((await run('', { argv: ['some-agent'], env })).stdout).toBe('hello');
      expect((await run(`cat ${prefix}/token`, { env })).stdout).toBe('');
    } finally {
      await execa('rm', ['-rf', prefix]);
    }
  });

  test('An agent that lies beside linked modules starts, and finds its programs by linked names', async () => {
    const prefix = join(homedir(), `.errand-sandbox-links-${process.pid}`);
    const outside = join(tmpdir(), `errand-sandbox-links-${process.pid}`);
    const [checkout, modules] = [join(prefix, 'checkout'), join(prefix, 'main', 'node_modules')];
    const program = async (path: string, says: string) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `#!/bin/sh\nprintf ${says}\n`, { mode: 0o755 });
    };
    try {
      await mkdir(join(modules, '.bin'), { recursive: true });
      await mkdir(join(modules, 'greeting'));
      await writeFile(join(modules, 'greeting', 'index.js'), "module.exports = 'hello';");
      await symlink(process.execPath, join(modules, '.bin', 'node'));
      await mkdir(join(checkout, 'src'), { recursive: true });
      await writeFile(join(checkout, 'package.json'), '{}');
      await writeFile(
        join(checkout, 'src', 'agent.js'),
        "process.stdout.write(require('greeting') + require('fs').realpathSync(__dirname + '/../node_modules'));",
      );
      await symlink(modules, join(checkout, 'node_modules'));
      await program(join(outside, 'tool-24', 'bin', 'tool'), 'outside');
      await symlink(join(outside, 'tool-24'), join(prefix, 'tool'));
      await program(join(prefix, 'store', 'profile-7', 'bin', 'brewed'), 'brewed');
      await symlink('store/current', join(prefix, 'profile'));
      await symlink('profile-7', join(prefix, 'store', 'current'));
      await writeFile(join(prefix, 'token'), 'a key');
      await symlink('../token', join(checkout, 'token'));
      const bins = ['checkout/node_modules/.bin', 'tool/bin', 'profile/bin'];
      const env = {
        PATH: [...bins.map((name) => join(prefix, name)), process.env['PATH']].join(':'),
      };
      const agent = await run('', { argv: ['node', join(checkout, 'src', 'agent.js')], env });
      expect(agent).toMatchObject({ stdout: `hello${modules}`, stderr: '', exitCode: 0 });
      const tools = await run(`tool; printf ' '; brewed; cat ${prefix}/token ${checkout}/token`, { env });
      expect(tools.stdout).toBe('outside brewed');
    } finally {
      await execa('rm', ['-rf', prefix, outside]);
    }
  });

  test('An agent commits in a tree whose git folder lies beside it', async () => {
    const git = join(job.dir, 'agent.git');
    const mirror = join(home.root, 'repos', 'o', 'm.git');
    await execa('git', ['init', '-q', '--bare', mirror]);
    await execa('git', ['init', '-q', '--bare', git]);
    await execa('git', ['--git-dir', git, 'config', 'core.bare', 'false']);
    await execa('git', ['--git-dir', git, 'config', 'core.worktree', job.tree]);
    await writeFile(join(git, 'objects', 'info', 'alternates'), `${join(mirror, 'objects')}\n`);
    await writeFile(join(job.tree, '.git'), `gitdir: ${git}\n`);
    const script = [
      'cd tree && echo 1 > f && git add -A && git config user.name A && git config user.email a@b',
      'git commit -qm first && git switch -qc side && git stash list && git status --porcelain && git log --format=%s',
    ].join(' && ');
    const writable = [job.tree, job.home, job.tmp, git];
    const done = await run(script, { writable, readable: [join(mirror, 'objects')] });
    expect(done).toMatchObject({ exitCode: 0, stdout: 'first' });
  });

  test('The library leaves no placeholder file in the tree or the job folder', async () => {
    await run('true');
    const { stdout } = await execa('ls', ['-A', job.dir]);
    expect(stdout.split('\n').sort()).toEqual(['agent.git', 'home', 'secret.txt', 'tmp', 'tree']);
    expect(existsSync(join(job.tree, '.bashrc'))).toBe(false);
  });
});
