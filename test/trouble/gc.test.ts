// errand gc beside running runners: it says where the disk went, what can go and why the rest stays; what may be the only
// copy of somebody's work is never swept.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { runCommand } from '../support/errand-command.ts';
import { startRunnerProcess } from '../support/runner-process.ts';

let errand: Errand;
afterEach(() => errand.close());

const LONG_AGO = new Date(Date.now() - 40 * 24 * 60 * 60_000);

async function look(...words: readonly string[]) {
  const { entries, exitCode } = await runCommand(errand, ['gc', '--json', ...words]);
  const items = entries();
  return {
    exitCode,
    of: (part: string, name: string) =>
      items.find((item) => item['part'] === part && String(item['name']).startsWith(name)),
  };
}

test('what a running turn needs stays, a home goes after 7 days, and nothing goes unless it is told to', async () => {
  errand = await openErrand();
  const over = await errand.asksScript(['write one.txt <<1']);
  await over.result();
  const running = await errand.asksScript(['write two.txt <<2', 'hang']);
  await running.cardSays('Last: Edit two.txt');
  for (const { name } of [over, running])
    await utimes(join(errand.dir, 'home/jobs', name), LONG_AGO, LONG_AGO);

  const shown = await look();
  expect(shown.of('home', over.name)).toMatchObject({ remove: true, bytes: expect.any(Number) });
  expect(shown.of('tree', running.name)).toMatchObject({ remove: false, why: 'a runner works on it' });
  expect(shown.of('home', running.name)).toMatchObject({ remove: false, why: 'a runner works on it' });
  expect(shown.of('mirror', errand.repo)).toMatchObject({ remove: false });
  expect((await look()).of('home', over.name), 'Looking removes nothing.').toBeDefined();

  const table = await runCommand(errand, ['gc']);
  expect(table.stdout).toMatch(/can go {2}.*home .*\n/);
  expect(table.stdout).toContain('Nothing was removed; `errand gc --yes` does it.');
  expect((await look('--yes', '--dry-run')).of('home', over.name)).not.toHaveProperty('removed');

  const done = await look('--yes');
  expect(done.exitCode).toBe(0);
  expect(done.of('home', over.name)).toMatchObject({ removed: true });
  expect((await look()).of('home', over.name)).toBeUndefined();
  await running.presses('Stop');
  await running.cardSays('Stopped');
});

test('the tree of a dead runner goes only after its work was kept, and the next turn goes on from there', async () => {
  errand = await openErrand({ halves: ['bot'] });
  const doomed = await startRunnerProcess(errand, 'home');
  const job = await errand.asksScript(['write one.txt <<1', 'hang']);
  await job.cardSays('Last: Edit one.txt');
  await doomed.kill();
  // Held by nobody that lives, but nobody knows that yet: the queue finds out.
  expect((await look('--yes')).of('tree', job.name)).toMatchObject({ remove: false });
  await errand.query(
    `UPDATE jobs SET status = 'queued', data = data - 'workId' || '{"status":"queued"}' WHERE id = $1`,
    [job.number],
  );
  const codex = join(errand.dir, 'home/jobs', job.name, 'home/.codex');
  await mkdir(codex, { recursive: true });
  await writeFile(join(codex, 'auth.json'), 'x');
  const done = await look('--yes');
  expect(done.of('tree', job.name)).toMatchObject({ removed: true });
  expect(await readdir(codex), 'The login of its agent goes as well.').toEqual([]);
  expect((await look()).of('snapshot', job.name)).toMatchObject({ remove: false });
  await errand.addRunner('home');
  await job.result(1, 90_000);
  expect(await errand.pushed(job, 'one.txt')).toBe('1');
});

test('a tree whose note another version wrote stays, and that is said', async () => {
  errand = await openErrand();
  const job = await errand.asksScript(['write one.txt <<1']);
  await job.result();
  await errand.stopRunner();
  const tree = join(errand.dir, 'home/jobs/J-99/tree');
  await mkdir(tree, { recursive: true });
  await writeFile(join(tree, 'precious.txt'), 'work');
  const note = join(errand.dir, 'home/records/J-99.json');
  await writeFile(note, '{"of":"another version"}');
  const done = await look('--yes');
  expect(done.of('tree', 'J-99')).toMatchObject({ failed: expect.any(String) });
  expect(done.exitCode).toBe(1);
  expect(await readFile(join(tree, 'precious.txt'), 'utf8')).toBe('work');
  await rm(join(errand.dir, 'home/jobs/J-99'), { recursive: true });
});

test('files that no snapshot can take outlive their turn; the thread says where, and a merge clears them away', async () => {
  errand = await openErrand();
  const job = await errand.asksScript(['write one.txt <<1', 'write odd\\u{7}name.txt <<work']);
  expect(job.words(await job.result())).toContain('was not pushed');
  await job.says(/Turn 1 left files that no snapshot can take.*odd.*They are not lost.*kept\/J-\d+\/1/s);
  expect((await look('--yes')).of('kept', job.name)).toMatchObject({
    remove: false,
    bytes: expect.any(Number),
  });
  const aside = join(errand.dir, 'home/kept', job.name, '1');
  expect(await readFile(join(aside, 'odd\u0007name.txt'), 'utf8')).toBe('work');
  job.replies('script: write two.txt <<2');
  await job.offers(await job.result(2), ['Approve & merge', 'Request changes', 'Reject']);
  expect(await errand.pushed(job, 'one.txt')).toBe('1');
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  await vi.waitFor(async () => expect((await look()).of('kept', job.name)).toBeUndefined(), {
    timeout: 30_000,
    interval: 500,
  });
});

test('files of a job that was stopped go after the days that are set, once nobody can go on with them', async () => {
  errand = await openErrand({ env: { ERRAND_KEPT_DAYS: '3' } });
  const job = await errand.asksScript(['write odd\\u{7}name.txt <<work', 'hang']);
  await job.cardSays('Last: Edit odd');
  await job.presses('Stop');
  await job.cardSays('Stopped');
  await job.says(/They are not lost.*for 3 days after it has ended otherwise/s);
  const dir = join(errand.dir, 'home/kept', job.name);
  const kept = async (...words: readonly string[]) => (await look(...words)).of('kept', job.name);
  await utimes(dir, LONG_AGO, LONG_AGO);
  expect(await kept('--yes'), 'The job ended just now.').toMatchObject({
    remove: false,
    why: expect.stringContaining('3 days after the job ended'),
  });
  await errand.query(`ALTER TABLE jobs DISABLE TRIGGER USER`);
  await errand.query(`UPDATE jobs SET updated_at = now() - interval '4 days' WHERE id = $1`, [job.number]);
  await errand.query(`ALTER TABLE jobs ENABLE TRIGGER USER`);
  expect(await kept()).toMatchObject({ remove: true, why: 'the job is cancelled' });
  expect(await kept('--yes')).toMatchObject({ removed: true });
  expect(existsSync(dir)).toBe(false);
});

/** The system's temp folder of one test: in the real one other runners sweep, too. */
async function makeTempFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'errand-gc-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('what killed processes left in temp folders goes after an hour, and is shown before', async () => {
  const temp = await makeTempFolder();
  errand = await openErrand({ env: { TMPDIR: temp } });
  const folders = [join(errand.dir, 'home/tmp/errand-gate-AAAAAA'), join(temp, 'errand-check-BBBBBB')];
  const fresh = join(errand.dir, 'home/tmp/errand-gate-CCCCCC');
  const foreign = join(temp, 'errand-gate-of-somebody');
  for (const dir of [...folders, fresh, foreign]) {
    await mkdir(join(dir, 'objects'), { recursive: true });
    if (dir !== fresh) await utimes(dir, LONG_AGO, LONG_AGO);
  }
  const shown = await look();
  const gone = { remove: true, why: 'left by a process that was killed' };
  for (const dir of folders) expect(shown.of('temp', basename(dir))).toMatchObject({ ...gone, path: dir });
  expect(shown.of('temp', basename(fresh))).toMatchObject({ remove: false });
  expect(shown.of('temp', basename(foreign))).toBeUndefined();
  await runCommand(errand, ['gc', '--yes']);
  expect(folders.filter((dir) => existsSync(dir))).toEqual([]);
  expect([fresh, foreign].filter((dir) => existsSync(dir))).toEqual([fresh, foreign]);

  await mkdir(folders[0] ?? '');
  await utimes(folders[0] ?? '', LONG_AGO, LONG_AGO);
  await errand.stopRunner();
  await errand.addRunner('home');
  expect(existsSync(folders[0] ?? ''), 'A runner sweeps at its start.').toBe(false);
});

test('the sandbox of a runner that was killed is shown and goes; that of a living one stays', async () => {
  const temp = await makeTempFolder();
  errand = await openErrand({ halves: [], env: { TMPDIR: temp } });
  const folder = join(temp, `errand-sandbox-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [world, stat] = await Promise.all([
    readlink('/proc/self/ns/pid'),
    readFile('/proc/self/stat', 'utf8'),
  ]);
  const born = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const note = (name: string, about: object) => {
    return writeFile(join(folder, `${name}.json`), JSON.stringify({ world, paths: [], ...about }));
  };
  // Process ids are used again: it is the time of birth that differs.
  await note(`dead-${process.pid}`, { pid: process.pid, born: '1' });
  await note(`living-${process.pid}`, { pid: process.pid, born });
  const states = async () => {
    const { entries } = await runCommand(errand, ['gc', '--json', '--yes']);
    const ours = entries().filter(({ name }) => name === `process ${process.pid}`);
    return ours.map(({ path, removed }) => [basename(String(path)).split('-')[0], removed ?? false]);
  };
  expect((await states()).sort()).toEqual([
    ['dead', true],
    ['living', false],
  ]);
  expect(await states()).toEqual([['living', false]]);
});

test('a disk serves one database: another one neither starts nor sweeps there, and is told what to do', async () => {
  errand = await openErrand();
  const job = await errand.asksScript(['write one.txt <<1']);
  await job.result();
  await utimes(join(errand.dir, 'home/jobs', job.name), LONG_AGO, LONG_AGO);
  const other = await createTestDatabase();
  onTestFinished(other.drop);
  const stranger = { ...errand, databaseUrl: other.url };
  for (const words of [['gc', '--yes'], ['runner']]) {
    const refused = await runCommand(stranger, words);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('belongs to another database');
    expect(refused.stderr).toMatch(/Set DATABASE_URL to that one, or ERRAND_HOME to another folder/);
  }
  expect(existsSync(join(errand.dir, 'home/jobs', job.name))).toBe(true);
  expect((await runCommand(stranger, ['gc'], 'elsewhere')).exitCode).toBe(0);
  await errand.stopRunner();
  // The same database is let in again, also where it has a new address.
  await errand.addRunner('home');
  await job.pressesAndSays('Reject', 'No.');
  await job.cardSays('Rejected');
});

test('the login of an agent whose runner was killed goes with the next sweep, its session stays', async () => {
  errand = await openErrand({ halves: ['bot'] });
  const doomed = await startRunnerProcess(errand, 'home');
  const job = await errand.asksScript(['write one.txt <<1', 'hang']);
  await job.cardSays('Last: Edit one.txt');
  await doomed.kill();
  // As a runner puts it there for an agent that works by subscription.
  const codex = join(errand.dir, 'home/jobs', job.name, 'home/.codex');
  await mkdir(codex);
  for (const name of ['auth.json', 'session']) await writeFile(join(codex, name), 'x');
  await errand.query(`UPDATE jobs SET status = 'cancelled' WHERE id = $1`, [job.number]);
  await errand.addRunner('home');
  expect(await readdir(codex)).toEqual(['session']);
});
