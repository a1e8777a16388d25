// What stands at GitHub in the end: one pull a job, merged as it was approved, with everything that was asked for in it.
import type { Violation } from '../journal.ts';
import type { EventRow, JobRow, Recorded } from '../record.ts';
import type { Stage } from '../stage.ts';

type Pull = ReturnType<Stage['github']['pulls']>[number];

export async function checkGitHub(stage: Stage, record: Recorded): Promise<readonly Violation[]> {
  const pulls = stage.github.pulls(stage.repo);
  const found: Violation[] = [];
  for (const job of record.jobs) {
    const own = pulls.filter(({ head }) => head.ref === job.branch);
    found.push(...checkPulls(job, own), ...(await checkWork(stage, job, own)));
    for (const pull of own) {
      found.push(...checkMerge(stage, job, pull));
      found.push(
        ...checkTrail(stage, job, { pull, events: record.events.filter((one) => one.job === job.id) }),
      );
    }
  }
  const branches = new Set(record.jobs.map(({ branch }) => branch));
  const strangers = pulls.filter(({ head }) => !branches.has(head.ref));
  const rule = 'at most one pull a job';
  return [...found, ...strangers.map(({ number }) => ({ rule, say: `pull #${number} belongs to no job` }))];
}

function checkPulls(job: JobRow, own: readonly Pull[]): Violation[] {
  const rule = 'at most one pull a job';
  const told = own.map(({ number, state }) => `#${number} (${state})`).join(', ');
  const several = own.length > 1 ? [{ rule, say: `J-${job.id} has the pulls ${told}` }] : [];
  const [pull] = own;
  const state = pull?.mergedAt ? 'merged' : pull?.state;
  const wanted = { in_review: 'open', merged: 'merged', rejected: 'closed' }[job.status];
  const differs = wanted !== undefined && own.length === 1 && state !== wanted;
  const twice = own.flatMap(({ number, comments }) => {
    const bodies = comments.map(({ body }) => body);
    const doubled = bodies.length > new Set(bodies).size;
    return doubled ? [{ rule: 'nothing is said twice', say: `pull #${number} has a comment twice` }] : [];
  });
  const says = {
    rule: 'job and pull agree',
    say: `J-${job.id} is ${job.status}, its pull is ${told || 'missing'}`,
  };
  return [...several, ...twice, ...(differs || (wanted && own.length === 0) ? [says] : [])];
}

function checkMerge(stage: Stage, job: JobRow, pull: Pull): Violation[] {
  if (!pull.mergedAt || stage.journal.handMerges.has(pull.number)) return [];
  const approved = stage.journal.presses.filter(
    ({ job: name, kind }) => kind === 'approve' && name === `J-${job.id}`,
  );
  if (approved.some(({ sha }) => sha === pull.head.sha)) return [];
  const shown = approved.map(({ sha }) => sha.slice(0, 7)).join(', ') || 'nothing';
  const say = `pull #${pull.number} of J-${job.id} was merged at ${pull.head.sha.slice(0, 7)}, approved was ${shown}`;
  return [{ rule: 'the merged SHA is the approved SHA', say }];
}

/** Every file that somebody was promised is in what the pull shows, and in the base once it is merged. */
async function checkWork(stage: Stage, job: JobRow, own: readonly Pull[]): Promise<Violation[]> {
  const [pull] = own;
  if (!pull || job.status === 'rejected' || job.status === 'cancelled') return [];
  const at = pull.mergedAt ? 'main' : pull.head.sha;
  const wish = stage.journal.wishes.find(({ token }) =>
    new RegExp(`${token}(?!\\d)`).test(`${job.task} ${job.title}`),
  );
  const heard = stage.journal.words.filter(({ job: name }) => name === `J-${job.id}`);
  const delivered = await deliveredTexts(stage, job);
  // Whoever merges by hand takes what is there, and not what comes later.
  const isCutShort = stage.journal.handMerges.has(pull.number);
  const files = [
    ...(wish ? [`${wish.token}-a.txt`, `${wish.token}-b.txt`] : []),
    ...(isCutShort ? [] : heard)
      .map(({ file }) => file)
      .filter((file) => delivered.some((text) => text.includes(`${file} `))),
  ];
  const missing: string[] = [];
  for (const file of files)
    if ((await stage.github.readFile(stage.repo, at, file)) === undefined) missing.push(file);
  if (missing.length === 0 || job.status === 'failed') return [];
  const say = `J-${job.id} (${job.status}) was told to write ${missing.join(', ')}, and ${at.slice(0, 7)} has it not`;
  return [{ rule: 'nothing that was accepted is lost', say }];
}

async function deliveredTexts(stage: Stage, job: JobRow): Promise<readonly string[]> {
  const rows = await stage.read<{ text: string }>(
    'SELECT text FROM replies WHERE job_id = $1 AND delivered_at IS NOT NULL',
    [job.id],
  );
  return rows.map(({ text }) => text);
}

/** Each change at GitHub has its reason in the audit trail: a turn that ended with this head, a person who decided. */
function checkTrail(
  { journal }: Stage,
  job: JobRow,
  { pull, events }: { pull: Pull; events: readonly EventRow[] },
): Violation[] {
  const rule = 'the audit trail explains every change at GitHub';
  const of = (type: string) => events.filter(({ kind, data }) => kind === 'status' && data['event'] === type);
  const byPerson = (type: string) => of(type).some(({ data }) => typeof data['by'] === 'string');
  const text = JSON.stringify(events.filter(({ kind }) => kind === 'status').map(({ data }) => data));
  const known = text.includes(pull.head.sha) || journal.handPushes.some(({ sha }) => sha === pull.head.sha);
  const closed = pull.state === 'closed' && !pull.mergedAt;
  return [
    ...(known
      ? []
      : [
          {
            rule,
            say: `nothing says how pull #${pull.number} of J-${job.id} came to ${pull.head.sha.slice(0, 7)}`,
          },
        ]),
    ...(pull.mergedAt && !byPerson('approve') && !journal.handMerges.has(pull.number)
      ? [{ rule, say: `nobody approved pull #${pull.number} of J-${job.id}` }]
      : []),
    ...(journal.handMerges.has(pull.number) && !isMergeByHand(events)
      ? [{ rule, say: `nothing says who merged pull #${pull.number} of J-${job.id} by hand` }]
      : []),
    ...(closed && !byPerson('reject') && !byPerson('stop')
      ? [{ rule, say: `nobody is named who wanted pull #${pull.number} of J-${job.id} closed` }]
      : []),
  ];
}

/** Also where a turn found it when it began, or a person had just decided. */
function isMergeByHand(events: readonly EventRow[]): boolean {
  return events.some(({ kind, data }) => kind === 'status' && data['event'] === 'merged');
}
