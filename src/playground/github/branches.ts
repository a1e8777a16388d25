// Notices what was pushed: compares git's branches with those last seen, moves pulls along and tells webhooks.
// Callers hold the repository (`exclusively`).
import { attemptGit } from './git.ts';
import { announcePull, bringOver, closePull, markMerged } from './pulls.ts';
import { isAncestor, listBranches } from './repositories.ts';
import { addEvent, exclusively, type Pull, type Repository, type State } from './state.ts';

const NO_COMMIT = '0'.repeat(40);

type Move = { branch: string; before: string; after: string };

/** Takes note of every branch that moved since the last look. `by` is the login of whoever pushed. */
export async function readPushes(state: State, repository: Repository, by: string): Promise<void> {
  const before = repository.branches;
  const after = await listBranches(repository.directory);
  repository.branches = after;
  const names = new Set([...before.keys(), ...after.keys()]);
  const moves = [...names]
    .map((branch) => ({
      branch,
      before: before.get(branch) ?? NO_COMMIT,
      after: after.get(branch) ?? NO_COMMIT,
    }))
    .filter((move) => move.before !== move.after);
  for (const move of moves) {
    announcePush(state, repository, move, by);
    for (const pull of repository.pulls.values()) {
      if (pull.state === 'open') await followMove(state, repository, pull, { ...move, by });
    }
    await followFork(state, repository, { ...move, by });
  }
  if (moves.length > 0) state.changed();
}

function announcePush(state: State, repository: Repository, move: Move, by: string): void {
  state.emit('push', repository, {
    ref: `refs/heads/${move.branch}`,
    before: move.before,
    after: move.after,
    created: move.before === NO_COMMIT,
    deleted: move.after === NO_COMMIT,
    forced: false,
    commits: [],
    head_commit: null,
    pusher: { name: by, email: `${by}@users.noreply.github.com` },
    sender: by,
  });
}

/** Moves the pulls along that a fork's branch is proposed in. Nobody holds a fork while holding what it came from. */
async function followFork(state: State, fork: Repository, move: Move & { by: string }): Promise<void> {
  const { parent } = fork;
  if (parent === undefined) return;
  const isOfIt = ({ head, state: now }: Pull) =>
    now === 'open' && head.fork === fork && head.ref === move.branch;
  if (![...parent.pulls.values()].some(isOfIt)) return;
  await exclusively(parent, async () => {
    if (move.after !== NO_COMMIT) await bringOver(parent, fork, move.after);
    for (const pull of [...parent.pulls.values()].filter(isOfIt)) await moveHead(state, parent, pull, move);
  });
}

async function followMove(
  state: State,
  repository: Repository,
  pull: Pull,
  move: Move & { by: string },
): Promise<void> {
  const { by } = move;
  if (move.branch === pull.head.ref && pull.head.fork === undefined) {
    await moveHead(state, repository, pull, move);
    return;
  }
  const onBase = move.branch === pull.base.ref && move.after !== NO_COMMIT;
  if (onBase && (await isAncestor(repository.directory, pull.head.sha, move.after))) {
    markMerged(state, repository, pull, { sha: move.after, by });
  }
}

async function moveHead(
  state: State,
  repository: Repository,
  pull: Pull,
  { after, by }: Move & { by: string },
): Promise<void> {
  if (after === NO_COMMIT) {
    closePull(state, repository, pull, by);
    return;
  }
  pull.head.sha = after;
  pull.base.sha = repository.branches.get(pull.base.ref) ?? pull.base.sha;
  await attemptGit(repository.directory, ['update-ref', `refs/pull/${pull.number}/head`, after]);
  leaveQueue(state, repository, pull, by);
  announcePull(state, repository, pull, { action: 'synchronize', by });
}

/** Takes a pull out of the merge queue, where it is in it. */
export function leaveQueue(state: State, repository: Repository, pull: Pull, by: string): void {
  if (!repository.queue.some((entry) => entry.pull === pull.number)) return;
  repository.queue = repository.queue.filter((entry) => entry.pull !== pull.number);
  addEvent(state, pull, 'removed_from_merge_queue', by);
  announcePull(state, repository, pull, { action: 'dequeued', by });
}
