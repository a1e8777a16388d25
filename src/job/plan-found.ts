// Turns the toolchains that were found into checks that can be run and told apart. Pure.
import { type Check, type CheckGroup, type CheckResult, DEFAULT_LIMIT_MS, SETUP } from './checks.ts';
import type { Toolchain } from './discover/toolchain.ts';

export type FoundChecks = Readonly<{
  groups: readonly CheckGroup[];
  /** Obvious commands that are not run in any case, with the reason. */
  left: readonly CheckResult[];
}>;

export const NOTHING_FOUND: FoundChecks = { groups: [], left: [] };

/** A group for each toolchain that has something to check. Where two have the same check, its name says whose it is. */
export function planFound(toolchains: readonly Toolchain[]): FoundChecks {
  const useful = toolchains.filter(({ checks, left }) => checks.length + left.length > 0);
  const all = useful.flatMap(({ checks, left }) => [...checks, ...left].map(({ name }) => name));
  const nameIn = (title: string, name: string) =>
    all.indexOf(name) === all.lastIndexOf(name) ? name : `${name} (${title})`;
  const toCheck = (needs: readonly string[], name: string, command: string, notIn?: string): Check => ({
    name,
    command,
    ...(notIn === undefined ? {} : { notIn }),
    limitMs: DEFAULT_LIMIT_MS,
    found: true,
    needs,
  });
  return {
    groups: useful
      .filter(({ checks }) => checks.length > 0)
      .map(({ title, needs, setup, checks }) => ({
        setup: setup.map((command) =>
          toCheck(needs, useful.length > 1 ? `${SETUP} (${title})` : SETUP, command),
        ),
        checks: checks.map(({ name, command, notIn }) => toCheck(needs, nameIn(title, name), command, notIn)),
      })),
    left: useful.flatMap(({ title, left }) =>
      left.map(({ name, ...rest }) => ({
        ...rest,
        name: nameIn(title, name),
        outcome: 'not_run',
        durationMs: 0,
        found: true,
      })),
    ),
  };
}
