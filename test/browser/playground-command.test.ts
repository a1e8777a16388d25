// The command itself, as a person starts it: one address, a repository of one's own that stays as it was, and nothing left
// behind after Ctrl-C, even in the middle of the work.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { surroundings } from '../../src/surroundings.ts';
import { openBrowser } from '../support/browser.ts';
import { openPage, SOON } from '../support/playground-page.ts';

vi.setConfig({ testTimeout: 300_000 });

const LAUNCHER = fileURLToPath(new URL('../../bin/errand.js', import.meta.url));

const git = (cwd: string, ...args: readonly string[]) =>
  execa('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
    cwd,
    env: surroundings(),
    extendEnv: false,
  });

/** Processes that were started with this TMPDIR, whoever started them; only Linux tells. */
async function processesIn(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((id) => /^\d+$/.test(id));
  const environments = await Promise.all(
    ids.map(async (id) => [id, await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')] as const),
  );
  return environments.flatMap(([id, environment]) => (environment.includes(`TMPDIR=${folder}`) ? [id] : []));
}

test('one command serves a copy of my repository at one address, and Ctrl-C leaves nothing behind', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'errand-command-'));
  const [mine, temporary] = [join(dir, 'my-project'), join(dir, 'tmp')];
  await mkdir(mine);
  // As root, Postgres runs as another user, who must be able to walk in.
  await mkdir(temporary, { mode: 0o711 });
  await execa('chmod', ['711', dir], { env: {}, extendEnv: false });
  await git(mine, 'init', '--quiet', '--initial-branch=trunk');
  await writeFile(join(mine, 'README.md'), '# Mine\n');
  await git(mine, 'add', '.');
  await git(mine, 'commit', '--quiet', '-m', 'First');
  const before = (await git(mine, 'rev-parse', 'HEAD')).stdout;

  const running = execa(process.execPath, [LAUNCHER, 'playground', '--repo', mine], {
    env: { ...surroundings(), TMPDIR: temporary },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
  });
  const said: string[] = [];
  const address = new Promise<string>((resolve, reject) => {
    createInterface({ input: running.all }).on('line', (line) => {
      said.push(line);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url !== undefined) resolve(url);
    });
    void running.then(() => reject(new Error(`It ended before it began:\n${said.join('\n')}`)));
  });
  const browser = await openBrowser();
  const { page, complaints, ...story } = await openPage(browser, await address);
  expect(said.filter((line) => line.includes('http'))).toHaveLength(1);
  await page.getByRole('heading', { name: 'you/my-project' }).waitFor();
  await story.types('/agent do Add a line about tea to the readme');
  await story.answersTheCall();
  await story.presses('Approve & merge', 'Merge');
  await story.says(story.coach, 'Merged.');
  await story.looksAt('Commits');
  await expect.poll(() => story.github.locator('.commit').count(), SOON).toBe(2);
  expect((await git(mine, 'rev-parse', 'HEAD')).stdout).toBe(before);
  expect((await git(mine, 'status', '--porcelain', '--branch')).stdout).toBe('## trunk');

  // In the middle of the next one.
  await story.types('/agent do Add a line about coffee to the readme');
  await story.says(story.channel, /\bWorking\b/);
  expect(complaints).toEqual([]);
  running.kill('SIGINT');
  expect((await running).exitCode).toBe(0);
  await expect.poll(() => processesIn(temporary), SOON).toEqual([]);
  expect(await readdir(temporary)).toEqual([]);
  await browser.close();
  await rm(dir, { recursive: true });
});
