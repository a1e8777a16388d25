// The live stream of a job page: nothing that changed between the drawing and the connecting is missed, nobody is told hours
// of it again, and it ends where there is nothing more to tell.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPageRoom, type PageRoom } from '../support/page-room.ts';
import { createVisitor, type Visitor } from '../support/pages.ts';

let room: PageRoom;

beforeAll(async () => {
  room = await openPageRoom();
});
afterAll(() => room?.close());

async function signedIn(): Promise<Visitor> {
  const ann = createVisitor(room.url);
  await ann.signIn(room.errand.ann);
  return ann;
}

/** Reads the stream until it says this. */
async function hear(visitor: Visitor, url: string, wanted: string): Promise<string> {
  const left = new AbortController();
  const answer = await visitor.ask(url, { signal: left.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  try {
    while (reader !== undefined && !heard.includes(wanted)) {
      const { value, done } = await reader.read();
      if (done) break;
      heard += value;
    }
  } finally {
    left.abort();
  }
  return heard;
}

const markIn = (page: string) => /id="now" data-mark="(\d+)"/.exec(page)?.[1] ?? '';

test('tells at once of a change that came after the page was drawn', async () => {
  const ann = await signedIn();
  const job = await room.add({ status: 'running', phase: 'implement' });
  const mark = markIn(await (await ann.get(`/jobs/J-${job.id}`)).text());
  expect(mark).not.toBe('');
  await room.store.db.sql.query('UPDATE jobs SET updated_at = now() WHERE id = $1', [job.id]);
  const heard = await hear(ann, `${room.urlOf(job)}/stream?after=0&mark=${mark}`, 'event: now');
  const fresh = markIn(await (await ann.get(`/jobs/J-${job.id}/now`)).text());
  expect(heard).toContain(`event: now\ndata: ${fresh}\n`);
});

test('has whoever is more than a thousand events behind load the page anew', async () => {
  const ann = await signedIn();
  const job = await room.add({ status: 'running', phase: 'implement' });
  await room.store.db.sql.query(
    `INSERT INTO events (job_id, attempt, turn, kind, data)
     SELECT $1, 0, 1, 'agent', jsonb_build_object('kind', 'message', 'text', 'Step ' || n) FROM generate_series(1, 1100) AS n`,
    [job.id],
  );
  const heard = await hear(ann, `${room.urlOf(job)}/stream?after=0`, 'event: reload');
  expect(heard).toContain('event: reload');
  expect(heard).not.toContain('Step 1');
  const last = /data-last="(\d+)"/.exec(await (await ann.get(`/jobs/J-${job.id}`)).text())?.[1];
  const near = await hear(ann, `${room.urlOf(job)}/stream?after=${Number(last) - 10}`, 'Step 1100');
  expect(near).toContain('Step 1100');
});

test('ends for a job that is over', async () => {
  const ann = await signedIn();
  const job = await room.add({ status: 'cancelled' });
  await room.tell(job, { kind: 'agent', data: { kind: 'message', text: 'The last words.' } });
  const heard = await hear(ann, `${room.urlOf(job)}/stream?after=0`, 'event: done');
  expect(heard).toContain('The last words.');
  expect(heard).toContain('event: done');
});

test('is open six times for one session, and for others all the same', async () => {
  const ann = await signedIn();
  const job = await room.add({ status: 'running', phase: 'implement' });
  const left = new AbortController();
  const open = (visitor: Visitor) =>
    visitor.ask(`${room.urlOf(job)}/stream?after=0`, { signal: left.signal });
  try {
    for (let opened = 0; opened < 6; opened += 1) expect((await open(ann)).status).toBe(200);
    expect((await open(ann)).status).toBe(429);
    expect((await open(await signedIn())).status).toBe(200);
  } finally {
    left.abort();
  }
});
