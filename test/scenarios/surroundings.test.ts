// What the operator's machine speaks, agents and checks speak as well: language and time zone.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('LC_ALL and TZ reach the agent and the checks', async () => {
  errand = await openErrand({ env: { LC_ALL: 'C.UTF-8', TZ: 'Pacific/Auckland' } });
  const settings = `checks: {speaks: 'test "$LC_ALL $TZ" = "C.UTF-8 Pacific/Auckland"'}\n`;
  await errand.github.commitTo(
    errand.repo,
    'main',
    { '.agents/config.yml': settings },
    { message: 'Ask what a check speaks' },
  );
  const job = await errand.asksScript(['run printf "%s %s" "$LC_ALL" "$TZ" > spoken.txt']);
  expect(job.words(await job.result())).toContain('speaks');
  const runs = (await errand.eventsInside(job)).filter(
    (event) => event.kind === 'note' && event.data['name'] === 'checked',
  );
  expect(runs).toMatchObject([{ data: { check: 'speaks', outcome: 'passed' } }]);
  expect(await errand.pushed(job, 'spoken.txt')).toBe('C.UTF-8 Pacific/Auckland');
});
