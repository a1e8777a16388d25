// Why an opinion is missing, for anybody to read: our own words as they are, those of agents and machines never.
import { expect, test } from 'vitest';
import { whyMissing } from '../../src/job/counsel-words.ts';

const STDERR = 'It said last: “cannot open /home/ops/.errand/jobs/J-12/check/reviewer/home”';

test.for(['cost_limit', 'malformed_answer', 'no_answer', 'token_limit', 'turn_limit'])(
  'our own words stay: %s',
  (code) => {
    expect(whyMissing(code, 'was not asked')).toBe('was not asked');
  },
);

test.for(['agent_exited', 'agent_error', 'agent_protocol', 'agent_start_timeout', 'memory_limit', undefined])(
  'what a process printed and how it was started stays in the log: %s',
  (code) => {
    expect(whyMissing(code, STDERR)).not.toContain('/home');
    expect(whyMissing(code, STDERR)).toMatch(/^[a-z]/);
  },
);
