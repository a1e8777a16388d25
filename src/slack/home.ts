// The app's home tab: what Errand is, what it understands, and the person's own open jobs.
import type { KnownBlock } from '@slack/web-api';
import { OPEN_STATUSES } from '../job/job.ts';
import { listJobs } from '../store/jobs.ts';
import type { Desk } from './desk.ts';
import { escapePlaceholders } from './mrkdwn.ts';
import { homeSchema } from './payloads.ts';
import { helpText } from './words/answers.ts';
import { jobList } from './words/job-lines.ts';

export async function showHome(desk: Desk, event: unknown): Promise<void> {
  const { user, tab } = homeSchema.parse(event);
  if (tab !== undefined && tab !== 'home') return;
  const guest = await desk.people.mayNotCommand(user);
  if (guest) return publish(desk, user, [section(guest.refusal)]);
  const jobs = await listJobs(desk.actions.store.db.sql, {
    team: desk.identity().teamId,
    requester: user,
    statuses: OPEN_STATUSES,
  });
  const empty = 'Nothing is open. `/agent fix <issue>` starts something.';
  const list = jobList(jobs, { heading: `${jobs.length} open:`, empty });
  await publish(desk, user, buildHome(list));
}

async function publish(desk: Desk, user: string, blocks: KnownBlock[]): Promise<void> {
  await desk.client.views.publish({ user_id: user, view: { type: 'home', blocks } });
}

function buildHome(list: string): KnownBlock[] {
  return [
    { type: 'header', text: { type: 'plain_text', text: 'Your jobs' } },
    section(list),
    { type: 'divider' },
    { type: 'header', text: { type: 'plain_text', text: 'What I do' } },
    section(helpText()),
  ];
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: escapePlaceholders(text) } };
}
