// Every outside write for a job leaves an event: what was pushed, opened, said, merged, closed, deleted, and by which
// attempt. Wraps the rooms that write, so that no caller can forget it.
import { toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { appendEvent, type NewEvent } from '../store/events.ts';
import { LostJobError } from '../store/lost-job.ts';
import type { RunnerContext } from './context.ts';

type Note = Extract<NewEvent, { kind: 'note' }>['data'];
type Act<A extends unknown[], R> = (...args: A) => Promise<R>;

/** The same context for one job; what it writes outside is noted in the job's events. */
export function audited(context: RunnerContext, job: Pick<Job, 'id' | 'attempt' | 'turn'>): RunnerContext {
  const notes = createNotes(context, job);
  return {
    ...context,
    github: auditGitHub(context.github, notes),
    workspaces: auditWorkspaces(context.workspaces, notes),
  };
}

type Notes = ReturnType<typeof createNotes>;

function createNotes({ store, log }: RunnerContext, job: Pick<Job, 'id' | 'attempt' | 'turn'>) {
  const write = (data: Note) => appendEvent(store.db.sql, job, { kind: 'note', data });
  const missed = (data: Note) => (thrown: unknown) =>
    log.error({ err: toError(thrown), jobId: job.id, note: data }, 'runner.audit.unwritten');
  return {
    /** The work is done by then: a note that cannot be written must not undo or repeat it. */
    after:
      <A extends unknown[], R>(act: Act<A, R>, tell: (result: R, ...args: A) => Note): Act<A, R> =>
      async (...args) => {
        const result = await act(...args);
        const data = tell(result, ...args);
        await write(data).catch(missed(data));
        return result;
      },
    /** Who has lost the job must not begin: throws LostJobError. Any other trouble with a note holds up nothing. */
    before:
      <A extends unknown[], R>(act: Act<A, R>, tell: (...args: A) => Note): Act<A, R> =>
      async (...args) => {
        const data = tell(...args);
        await write(data).catch((thrown: unknown) => {
          if (thrown instanceof LostJobError) throw thrown;
          missed(data)(thrown);
        });
        return act(...args);
      },
  };
}

function auditGitHub(github: RunnerContext['github'], { after, before }: Notes): RunnerContext['github'] {
  return {
    ...github,
    openPull: after(github.openPull, (answer, { branch }) =>
      answer.kind === 'pull'
        ? { name: answer.created ? 'pull_opened' : 'pull_found', ...pullOf(answer.pull), branch }
        : { name: 'pull_not_opened', branch, answer: answer.kind },
    ),
    updatePull: after(github.updatePull, (_done, { number }) => ({ name: 'pull_updated', number })),
    reopenPull: after(github.reopenPull, (_done, { number }) => ({ name: 'pull_reopened', number })),
    closePull: after(github.closePull, (_done, { number }) => ({ name: 'pull_closed', number })),
    postReview: after(github.postReview, ({ url, created }, { number }) => ({
      name: 'reviewed_pull',
      number,
      url,
      created,
    })),
    comment: after(github.comment, (_done, { number }) => ({ name: 'commented', number })),
    answerThread: after(github.answerThread, (answer, { number, thread }) => ({
      name: answer === 'said' ? 'answered_in_thread' : 'thread_gone',
      number,
      thread,
    })),
    resolveThreads: after(github.resolveThreads, (_done, { number, threads }) => ({
      name: 'threads_resolved',
      number,
      threads,
    })),
    merge: before(github.merge, ({ number, sha, method }) => ({ name: 'merge_asked', number, sha, method })),
    leaveQueue: after(github.leaveQueue, (answer, { number }) => ({
      name: answer === 'left' ? 'merge_queue_left' : 'merge_queue_not_left',
      number,
    })),
    deleteBranch: after(github.deleteBranch, (answer, { branch }) => ({
      name: answer.kind === 'deleted' ? 'branch_deleted' : 'branch_not_deleted',
      branch,
      ...(answer.kind === 'deleted' ? {} : { answer: answer.kind }),
    })),
  };
}

function auditWorkspaces(
  workspaces: RunnerContext['workspaces'],
  { after, before }: Notes,
): RunnerContext['workspaces'] {
  const publish = after(workspaces.publish, (published, _workspace, { branch }) =>
    published.kind === 'pushed'
      ? { name: 'pushed', branch, sha: published.headSha }
      : { name: 'not_pushed', branch, answer: published.kind },
  );
  return {
    ...workspaces,
    publish: before(publish, (_workspace, { branch, expectedRemoteSha }) => ({
      name: 'push_begun',
      branch,
      ...(expectedRemoteSha === undefined ? {} : { from: expectedRemoteSha }),
    })),
    pushSnapshot: after(workspaces.pushSnapshot, (taken, { jobId }) => ({
      name: taken ? 'snapshot_pushed' : 'snapshot_not_pushed',
      ref: `refs/errand/${jobId}`,
    })),
  };
}

function pullOf(pull: { number: number; url: string; headSha: string }): Readonly<Record<string, unknown>> {
  return { number: pull.number, url: pull.url, sha: pull.headSha };
}
