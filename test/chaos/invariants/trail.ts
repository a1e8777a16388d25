// The audit trail itself: an unbroken chain of statuses that ends where the job is, and no word of a runner that had lost
// the job.
import type { Violation } from '../journal.ts';
import type { EventRow, JobRow, Recorded } from '../record.ts';

const RESTING = new Set(['in_review', 'waiting', 'failed', 'done', 'merged', 'rejected', 'cancelled']);

export function checkTrails({ jobs, events }: Recorded): readonly Violation[] {
  return jobs.flatMap((job) => {
    const own = events.filter((event) => event.job === job.id);
    return [
      ...checkChain(job, own),
      ...checkAttempts(job, own),
      ...checkFailures(job, own),
      ...checkRest(job),
    ];
  });
}

function checkChain(job: JobRow, events: readonly EventRow[]): Violation[] {
  const rule = 'the audit trail explains every change of status';
  let at: unknown;
  for (const { data } of events.filter(({ kind }) => kind === 'status')) {
    if (data['event'] !== 'created' && data['from'] !== at)
      return [
        { rule, say: `J-${job.id} went from ${at} to ${data['to']}, the trail says from ${data['from']}` },
      ];
    at = data['to'];
  }
  return at === job.status ? [] : [{ rule, say: `J-${job.id} is ${job.status}, its trail ends with ${at}` }];
}

/** Attempts only grow: whoever writes under an older one had lost the job (a zombie). */
function checkAttempts(job: JobRow, events: readonly EventRow[]): Violation[] {
  let newest = 0;
  for (const { attempt, kind, data } of events) {
    if (attempt < newest) {
      const what = kind === 'status' ? `${data['event']}` : kind;
      const say = `attempt ${attempt} of J-${job.id} wrote "${what}" after attempt ${newest} had taken the job`;
      return [{ rule: 'a runner that lost a job changes nothing', say }];
    }
    newest = attempt;
  }
  return [];
}

/** `internal` is what a failure is called that nobody foresaw; its words tell people nothing. */
function checkFailures(job: JobRow, events: readonly EventRow[]): Violation[] {
  const bare = events.filter(
    ({ kind, data }) => kind === 'status' && /"code":"internal"/.test(JSON.stringify(data)),
  );
  if (bare.length === 0) return [];
  return [
    { rule: 'every failure has a reason that a human can act on', say: `J-${job.id} failed as "internal"` },
  ];
}

function checkRest({ id, status }: JobRow): Violation[] {
  if (RESTING.has(status)) return [];
  return [{ rule: 'every job ends or waits for a human in bounded time', say: `J-${id} is still ${status}` }];
}
