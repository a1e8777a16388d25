// Tells somebody that what they asked for reached a bot that died over it, too long ago to still do it.
import { hasTrace } from '../store/effects.ts';
import { findJobByThread, loadJob } from '../store/jobs.ts';
import { answer } from './answer.ts';
import { mentions } from './decode.ts';
import type { Desk } from './desk.ts';
import { decisionPlaceSchema } from './modals.ts';
import { formKey, readPost, submissionSchema } from './payloads.ts';
import { isForTheAgent } from './reply.ts';
import type { Address } from './tell.ts';
import { addressOf, eventOf } from './trouble.ts';
import { tooLate } from './words/answers.ts';

/** Whether the bot that died had done what was asked, and only could not note it any more. */
export async function wasDone(desk: Desk, { key, body }: { key: string; body: unknown }): Promise<boolean> {
  const form = submissionSchema.safeParse(body).data;
  return hasTrace(desk.actions.store.db.sql, form ? [key, formKey(form)] : [key]);
}

/** Says nothing where nobody waits: about people who talk with each other, or a page that can be opened again. */
export async function sayTooLate(desk: Desk, { key, body }: { key: string; body: unknown }): Promise<void> {
  const address = (await addressOfForm(desk, body)) ?? (await addressOfPost(desk, body));
  if (address === undefined) return;
  // A response_url has long expired.
  const { responseUrl: _expired, ...to } = address;
  await answer(desk, { ...to, key: `late:${key}` }, tooLate());
}

/** Undefined when it is no post, or one that was not meant for us. */
async function addressOfPost(desk: Desk, body: unknown): Promise<Address | undefined> {
  const { teamId, botUserId } = desk.identity();
  const event = eventOf(body);
  if (event === undefined) return addressOf(body, { acknowledged: true });
  const post = readPost(event, teamId);
  if (post === undefined) return undefined;
  const { channel, user, threadTs } = post;
  const addressed = post.isDm || mentions(post.text, botUserId);
  if (addressed) return { channel, user, threadTs };
  const job = threadTs && (await findJobByThread(desk.actions.store.db.sql, { channel, threadTs }));
  if (!job || !(await isForTheAgent(desk, { post, job, addressed }))) return undefined;
  return { channel, user, threadTs };
}

/** A decision's form was opened from a message in its job's thread. */
async function addressOfForm(desk: Desk, body: unknown): Promise<Address | undefined> {
  const form = submissionSchema.safeParse(body).data;
  const place = form && decisionPlaceSchema.safeParse(parseJson(form.view.private_metadata)).data;
  const job = place && (await loadJob(desk.actions.store.db.sql, place.jobId));
  return job && { channel: job.channel, user: form.user.id, threadTs: job.threadTs };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
