// The permission policy as a table: who asks for what, what is answered and why.
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decidePermission,
  type PermissionPolicy,
  type PermissionRequest,
} from '../../src/agent/permissions.ts';
import { realPath } from '../../src/agent/real-path.ts';

const policy: PermissionPolicy = {
  tree: '/job/tree',
  sandboxed: true,
  extraWritable: ['/job/tmp'],
  realpath: (path) => path,
};

const OPTIONS = [
  { optionId: 'always', kind: 'allow_always' },
  { optionId: 'once', kind: 'allow_once' },
  { optionId: 'no', kind: 'reject_once' },
];

const ask = (toolCall: PermissionRequest['toolCall'], changes: Partial<PermissionPolicy> = {}) =>
  decidePermission({ toolCall, options: OPTIONS }, { ...policy, ...changes });

const at = (...paths: string[]) => paths.map((path) => ({ path }));

describe('edits, deletes and moves', () => {
  it.each([
    ['/job/tree/src/a.ts', true],
    ['src/a.ts', true],
    ['/job/tmp/x', true],
    ['/job/tree', true],
    ['/job/tree/..hidden', true],
    ['/etc/passwd', false],
    ['/job/tree/../home/.npmrc', false],
    ['../other', false],
    ['/job/tree-of-another/a', false],
    ['/job/tree/.git', false],
    ['/job/tree/.git/config', false],
    ['/job/tree/.github/x.yml', true],
  ])('%s: %s', (path, allowed) => {
    for (const kind of ['edit', 'delete', 'move'])
      expect(ask({ kind, locations: at(path) }).allow).toBe(allowed);
  });

  it('are refused as a whole when one of several paths is outside', () => {
    expect(ask({ kind: 'move', locations: at('/job/tree/a', '/tmp/b') })).toEqual({
      allow: false,
      reason: '/tmp/b is outside the tree',
      optionId: 'no',
    });
  });

  it('are held to the path of their diff and of their input as well', () => {
    const content = [{ type: 'diff', path: '/etc/hosts' }];
    expect(ask({ kind: 'edit', locations: at('/job/tree/a'), content }).allow).toBe(false);
    expect(ask({ kind: 'edit', rawInput: { file_path: '/etc/hosts' } }).allow).toBe(false);
    expect(ask({ kind: 'edit', rawInput: { filePath: '/job/tree/a' } }, { sandboxed: false }).allow).toBe(
      true,
    );
  });

  it('that name no file depend on the sandbox', () => {
    expect(ask({ kind: 'edit' }).allow).toBe(true);
    expect(ask({ kind: 'edit', locations: [] }, { sandboxed: false }).allow).toBe(false);
  });

  it('are refused while the agent only plans', () => {
    expect(ask({ kind: 'edit', locations: at('/job/tree/a') }, { readOnly: true }).allow).toBe(false);
    expect(ask({ kind: 'switch_mode' }, { readOnly: true }).allow).toBe(false);
    expect(ask({ kind: 'switch_mode' }).allow).toBe(true);
    expect(ask({ kind: 'read', locations: at('/job/tree/a') }, { readOnly: true }).allow).toBe(true);
  });
});

describe('links', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'errand-permissions-')));
    await mkdir(join(folder, 'tree'));
    await symlink('/etc', join(folder, 'tree/away'));
    await symlink(join(folder, 'tree'), join(folder, 'link-to-tree'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are followed before a path is judged', () => {
    const links = { tree: join(folder, 'link-to-tree'), realpath: realPath, extraWritable: [] };
    expect(ask({ kind: 'edit', locations: at(join(folder, 'tree/away/new.conf')) }, links).allow).toBe(false);
    expect(ask({ kind: 'edit', locations: at(join(folder, 'tree/new/deep/file')) }, links).allow).toBe(true);
  });
});

describe('everything else', () => {
  it.each(['execute', 'read', 'search', 'fetch', 'think', 'other', undefined])('%s is allowed', (kind) => {
    expect(ask({ kind }).allow).toBe(true);
  });

  it('says so when no sandbox holds a command', () => {
    expect(ask({ kind: 'execute' }, { sandboxed: false }).reason).toContain('no sandbox');
  });
});

describe('the answer', () => {
  const options = (...kinds: string[]) => kinds.map((kind) => ({ optionId: kind, kind }));
  it('prefers once to always and is empty when nothing matches', () => {
    expect(ask({ kind: 'read' }).optionId).toBe('once');
    const decide = (...kinds: string[]) =>
      decidePermission({ toolCall: { kind: 'read' }, options: options(...kinds) }, policy);
    expect(decide('allow_always', 'reject_once').optionId).toBe('allow_always');
    expect(decide('reject_once').optionId).toBeUndefined();
  });
});
