// Which programs a machine lacks, seen from where they would be run: inside the sandbox.
import type { CheckGroup } from '../job/checks.ts';
import type { CheckTree } from '../workspace/check-tree.ts';
import { runCommand } from './check-command.ts';
import type { Prepared } from './phases/prepare.ts';
import type { TurnRun } from './turn-run.ts';

const LIMIT_MS = 60_000;
/** Nothing else is asked for: the names stand in a shell command. */
const PLAIN = /^[a-z0-9]+$/;

/** Of all programs that these checks need; asks nothing where they need none. */
export async function findMissing(
  turn: TurnRun,
  prepared: Prepared,
  { groups, tree }: Readonly<{ groups: readonly CheckGroup[]; tree: CheckTree }>,
): Promise<ReadonlySet<string>> {
  const needs = groups.flatMap(({ checks }) => checks.flatMap((wanted) => wanted.needs ?? []));
  const programs = [...new Set(needs)].filter((name) => PLAIN.test(name));
  if (programs.length === 0) return new Set();
  const command = `for each in ${programs.join(' ')}; do command -v "$each" >/dev/null || echo "missing $each"; done`;
  const { output } = await runCommand(turn, prepared, {
    check: { name: 'programs', command, limitMs: LIMIT_MS },
    tree,
    services: false,
    onDenied: () => {},
  });
  return new Set(programs.filter((name) => output.split('\n').includes(`missing ${name}`)));
}
