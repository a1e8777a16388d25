// Files that run or steer something outside of the program. Any touch counts: added, changed, removed, renamed from or to,
// and the same over a link of the tree.
import type { Change, FileChange } from '../../workspace/change.ts';
import { type FileRule, type Found, pathsOf } from '../found.ts';
import { aliasesOf, guardedByLink, MOST_ALIASES, type Shown } from './aliases.ts';
import { type Guard, guardBelow, guardOf, isAction } from './guards.ts';
import { quote } from './quote.ts';

const LINK = '120000';

export const guardedFiles: FileRule = (file, change) => {
  for (const path of pathsOf(file)) {
    const guard = guardOf(path) ?? actionGuard(file);
    if (guard) return [tell(file, path, guard)];
  }
  const isLink = file.after?.mode === LINK || file.before?.mode === LINK;
  const shown = isLink ? behindLink(file, change) : undefined;
  return shown ? [shown] : overLinks(file, change);
};

function tell(file: FileChange, path: string, { rule, severity = 'block', say }: Guard): Found {
  const how = file.kind === 'deleted' ? 'was removed; it ' : '';
  return { rule, path, severity, say: `${how}${say}${rule === 'workflow' ? powersOf(file) : ''}` };
}

/** What gives a workflow more than the code of the pull: its secrets, its rights, the branch that it runs for. */
const POWER =
  /\$\{\{[^}\n]{0,80}\bsecrets\b[^}\n]{0,80}\}\}|\bpull_request_target\b|\bworkflow_run\b|\bwrite-all\b|\b[\w-]+:\s*write(?:-all)?\b|\bsecrets:\s*inherit\b/g;

function powersOf(file: FileChange): string {
  const gone = new Set(file.removed.flatMap(({ text }) => text.match(POWER) ?? []));
  const fresh = new Set(
    file.added.flatMap(({ text }) => text.slice(0, 100_000).match(POWER) ?? []),
  ).difference(gone);
  const names = [...fresh].slice(0, 4).map((power) => quote(power));
  return names.length === 0 ? '' : ` It adds ${names.join(', ')}: look at these first.`;
}

function actionGuard({ path, oldPath, whole }: FileChange): Guard | undefined {
  const isOne = isAction(path, whole.after ?? '') || isAction(oldPath ?? path, whole.before ?? '');
  return isOne ? guardOf('action.yml') : undefined;
}

/** The link itself is added, turned or removed. */
function behindLink({ path }: FileChange, change: Change): Found | undefined {
  const below = guardBelow(path);
  const shown: Shown | undefined =
    guardedByLink(change).get(path) ?? (below && { guard: below, path: `${path}/` });
  if (shown === undefined) return undefined;
  return { ...through(path, shown), severity: 'block' };
}

/** A file that is edited in one place and read in another. */
function overLinks({ path }: FileChange, change: Change): Found[] {
  const aliases = aliasesOf(path, change);
  for (const alias of aliases) {
    const guard = guardOf(alias.path);
    if (guard) return [through(path, { guard, path: alias.path })];
  }
  if (aliases.length < MOST_ALIASES) return [];
  const say = 'is reached over so many links that not all of them could be followed. Remove some of them.';
  return [{ rule: 'symlink', path, severity: 'block', say }];
}

function through(path: string, { guard, path: shown }: Shown): Found {
  const { rule, severity = 'block', say } = guard;
  const where = JSON.stringify(shown.slice(0, 200));
  return { rule, path, severity, say: `is ${where} as well, over a link, and that ${say}` };
}
