// Everything people do on github.com by hand, as one table for tests and the playground.
import type { State } from '../state.ts';
import { createBranchHands } from './branches.ts';
import {
  addFork,
  addRepository,
  deleteRepository,
  type NewRepository,
  renameRepository,
} from './repositories.ts';
import { createRuleHands } from './rules.ts';
import { addIssue, createReviewHands, createThreadHands, type NewIssue } from './threads.ts';

/** `people` get write access to every new repository; the bare repositories lie under `dir`. */
export function createHands(state: State, options: { dir: string; people: readonly string[] }) {
  return {
    /** Creates a repository with a real first commit. */
    addRepository: (wish: NewRepository) => addRepository(state, options, wish),
    addFork: (wish: { of: string; owner: string }) => addFork(state, options, wish),
    renameRepository: (repo: string, to: { name: string; owner?: string; by?: string }) =>
      renameRepository(state, repo, to),
    deleteRepository: (repo: string, by?: string) => deleteRepository(state, repo, by),
    /** Somebody opens an issue, with all that was said under it. */
    addIssue: (wish: NewIssue) => addIssue(state, wish),
    ...createThreadHands(state),
    ...createReviewHands(state),
    ...createBranchHands(state),
    ...createRuleHands(state),
  };
}
