// Presses on the job page: the same rules, the same commit and the same second question as in Slack, and nothing for whoever
// only pretends to be the page.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { createVisitor, fieldOf, formOf, pageSettings, publicUrlOf, type Visitor } from '../support/pages.ts';

let errand: Errand;

beforeAll(async () => {
  errand = await openErrand({ env: await pageSettings() });
});
afterAll(() => errand?.close());

async function enter(user: string): Promise<Visitor> {
  const visitor = createVisitor(publicUrlOf(errand));
  await visitor.signIn(user);
  return visitor;
}

const read = async (visitor: Visitor, job: JobThread) => (await visitor.get(`/jobs/${job.name}`)).text();

const press = (visitor: Visitor, job: JobThread, fields: Record<string, string>, headers = {}) =>
  visitor.post(`/jobs/${job.name}/press`, fields, headers);

async function ready(): Promise<JobThread> {
  // A name of its own: what another job merged would leave nothing to change.
  const job = await errand.asksScript([`write ${randomUUID()}.txt <<hello`]);
  await job.result();
  return job;
}

describe('a press', () => {
  test('merges the commit that the page shows, once, however often it is sent', async () => {
    const job = await ready();
    const ann = await enter(errand.ann);
    const form = formOf(await read(ann, job), 'approve');
    expect(form['sha']).toMatch(/^[0-9a-f]{40}$/);
    const answers = await Promise.all([press(ann, job, form), press(ann, job, form)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    await job.cardSays('Merged');
    expect(await read(ann, job)).toContain('The change is in.');
  });

  test('about a commit that is not the newest any more changes nothing', async () => {
    const job = await ready();
    const ann = await enter(errand.ann);
    const form = formOf(await read(ann, job), 'approve');
    const answer = await press(ann, job, { ...form, sha: 'b'.repeat(40) });
    expect(answer.status).toBe(409);
    const said = await answer.text();
    expect(said).toContain('That was not done.');
    expect(said).toContain(`The pull has changed since this was shown (now at ${form['sha']?.slice(0, 7)}`);
    await job.cardSays('waiting for a decision');
    // The answer stands at an address of its own, which leads back to the job.
    const anew = await ann.get(`/jobs/${job.name}/press`);
    expect(anew.headers.get('location')).toBe(`/jobs/${job.name}`);
  });

  test('has remembered what a rejection taught, once, there and in Slack', async () => {
    const job = await ready();
    const ann = await enter(errand.ann);
    expect(formOf(await read(ann, job), 'remember')).toEqual({});
    await job.pressesAndSays('Reject', 'Never write such files.');
    await job.offers(await job.result(), ['Remember this']);
    const form = formOf(await read(ann, job), 'remember');
    expect((await press(ann, job, { ...form, turn: '7' })).status).toBe(409);
    const answers = await Promise.all([press(ann, job, form), press(ann, job, form)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    const [one = '', other] = answers.map(({ headers }) => headers.get('location') ?? '');
    expect(one).toMatch(/^\/jobs\/J-\d+$/);
    expect(one).not.toBe(`/jobs/${job.name}`);
    expect(other).toBe(one);
    expect(await (await ann.get(one)).text()).toContain(`Remember what ${job.name} taught`);
    const after = await read(ann, job);
    expect(after).toContain(`href="${one}"`);
    expect(formOf(after, 'remember')).toEqual({});
    await job.presses('Remember this', { user: errand.bob });
    await errand.slack.waitFor({
      description: 'the answer to a second press',
      check: () => errand.slack.ephemerals(errand.bob).find(({ text }) => text.includes('has it already')),
    });
  });

  test('sends words to the agent, and stops it', async () => {
    const job = await ready();
    const ann = await enter(errand.ann);
    const page = await read(ann, job);
    const empty = await press(ann, job, formOf(page, 'changes'));
    expect(empty.status).toBe(409);
    expect(await empty.text()).toContain('Say what should be different');
    const sent = await press(ann, job, { ...formOf(page, 'changes'), text: 'script: hang' });
    expect(sent.status).toBe(303);
    await job.cardSays('Working (turn 2)');
    expect((await press(ann, job, formOf(await read(ann, job), 'stop'))).status).toBe(303);
    await job.result(2);
    // The stop was of turn 2: sent once more, now that it rests, it does nothing.
    await job.cardSays('waiting for a decision');
  });

  test('rejects with a reason, which stands on the pull', async () => {
    const job = await ready();
    const ann = await enter(errand.ann);
    const form = formOf(await read(ann, job), 'reject');
    expect((await press(ann, job, { ...form, text: 'Not what I meant.' })).status).toBe(303);
    await job.cardSays('Rejected');
    expect(await read(ann, job)).toContain('Not what I meant.');
  });
});

describe('what blocks', () => {
  test('is asked about with its words before it merges, also where the page did not know of it', async () => {
    const job = await ready();
    await errand.query(
      `UPDATE jobs SET data = jsonb_set(data, '{outside}', jsonb_build_object('red', jsonb_build_object(
         'sha', data->'pull'->>'headSha', 'names', '["lint"]'::jsonb, 'known', '[]'::jsonb))) WHERE id = $1`,
      [job.number],
    );
    const ann = await enter(errand.ann);
    const page = await read(ann, job);
    expect(page).toContain('Approve &amp; merge anyway');
    expect(page).toContain('The check lint is red at GitHub.');
    const { knowing, ...unknowing } = formOf(page, 'approve');
    expect(knowing).toMatch(/^[\w-]{43}$/);
    const asked = await press(ann, job, unknowing);
    expect(asked.status).toBe(409);
    const again = await asked.text();
    expect(again).toContain('Merge in spite of this?');
    expect((await press(ann, job, formOf(again, 'approve'))).status).toBe(303);
    await job.cardSays('Merged');
  });
});

describe('who may not', () => {
  test('sees no button for it, and a form made by hand is refused with the words of Slack and noted', async () => {
    const job = await ready();
    const [ann, bob] = [await enter(errand.ann), await enter(errand.bob)];
    const page = await read(bob, job);
    expect(formOf(page, 'approve')).toEqual({});
    expect(formOf(page, 'changes')['act']).toBe('changes');
    const stolen = { ...formOf(await read(ann, job), 'approve'), token: fieldOf(page, 'token') };
    const answer = await press(bob, job, stolen);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Only Ann can decide');
    const audit = await (await bob.get(`/jobs/${job.name}/audit`)).text();
    expect(audit).toContain('was refused');
  });

  test('nothing counts that another site, another session or nobody sent', async () => {
    const job = await ready();
    const ann = await enter(errand.ann);
    const form = formOf(await read(ann, job), 'approve');
    const statuses = [
      await press(ann, job, form, { origin: 'https://evil.example' }),
      await press(ann, job, form, { origin: 'null' }),
      await press(ann, job, { ...form, token: '' }),
      await press(await enter(errand.ann), job, form),
      await press(createVisitor(publicUrlOf(errand)), job, form),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 403, 403, 401]);
    await job.cardSays('waiting for a decision');
  });
});
