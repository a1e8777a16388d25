// What an agent answers to remarks, however it writes it: read where it is clear, missing where it is not, never made up.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countAnswers,
  describeRemarks,
  matchAnswers,
  onlyWhereChanged,
  type Remark,
  takeAnswers,
  withoutChange,
} from '../../src/job/remarks.ts';

const remark = (key: string, fields: Partial<Remark> = {}): Remark => ({
  key,
  author: 'carla',
  authorId: 7,
  text: 'Please rename this.',
  url: 'https://github.test',
  ...fields,
});
const block = (answers: unknown) => `\`\`\`json\n${JSON.stringify({ answers })}\n\`\`\``;
const answersOf = (message: string, remarks: readonly Remark[]) =>
  matchAnswers(remarks, takeAnswers(message).answers);

test('the last block answers, and leaves the message', () => {
  const message = `## Title\nRename\n\n${block([{ comment: 'c1', did: 'declined', say: 'old' }])}\nand\n${block(
    [{ comment: 'c1', did: 'addressed', say: 'Renamed.' }],
  )}\n`;
  const { text } = takeAnswers(message);
  expect(text).toContain('## Title');
  expect(text).not.toContain('Renamed.');
  expect(answersOf(message, [remark('c1')])).toEqual(
    new Map([['c1', { did: 'addressed', say: 'Renamed.' }]]),
  );
});

test('a number alone names a remark where only one has it', () => {
  const message = block([{ comment: 1, did: 'answered', say: 'Yes.' }]);
  expect([...answersOf(message, [remark('c1')]).keys()]).toEqual(['c1']);
  expect([...answersOf(message, [remark('c1'), remark('r1')]).keys()]).toEqual([]);
});

test('what cannot be read, says nothing or names nobody is missing', () => {
  const remarks = [remark('c1'), remark('c2'), remark('c3')];
  const message = block([
    { comment: 'c1', did: 'done', say: 'Yes.' },
    { comment: 'c2', did: 'addressed', say: '  ' },
    { comment: 'c9', did: 'addressed', say: 'Yes.' },
    'nonsense',
  ]);
  const answers = answersOf(message, remarks);
  const unanswered = { author: 'carla', url: 'https://github.test' };
  expect(countAnswers(remarks, answers)).toEqual({
    ...{ addressed: 0, answered: 0, declined: 0, missing: 3 },
    unanswered: [unanswered, unanswered, unanswered],
  });
});

test('nobody addressed anything with files that stayed as they were', () => {
  const answers = answersOf(block([{ comment: 'c1', did: 'addressed', say: 'Done.' }]), [remark('c1')]);
  expect(withoutChange(answers).get('c1')).toEqual({ did: 'answered', say: 'Done.' });
});

test('what is said to be addressed in a file that did not change is an answer, and one on no file is taken', () => {
  const remarks = [remark('c1', { path: 'a.js' }), remark('c2', { path: 'b.js' }), remark('r3')];
  const said = remarks.map(({ key }) => ({ comment: key, did: 'addressed', say: 'Done.' }));
  const answers = onlyWhereChanged(answersOf(block(said), remarks), { remarks, changed: new Set(['a.js']) });
  expect([...answers].map(([key, { did }]) => [key, did])).toEqual([
    ['c1', 'addressed'],
    ['c2', 'answered'],
    ['r3', 'addressed'],
  ]);
});

test('any message at all has a text and some answers', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => `\`\`\`json\n${json}\n\`\`\``),
      ),
      (message) => {
        const { text, answers } = takeAnswers(message);
        expect(typeof text).toBe('string');
        expect(matchAnswers([remark('c1')], answers).size).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('an agent is told where, who and what, and how to answer', () => {
  const told = describeRemarks([
    remark('c1', { path: 'src/a.js', line: 3, hunk: '@@ -1 +1 @@\n+let a' }),
    remark('r2'),
  ]);
  expect(told).toContain('[c1] carla on "src/a.js", line 3:\nPlease rename this.');
  expect(told).toContain(
    '<material name="The lines that c1 stands under">\n@@ -1 +1 @@\n+let a\n</material>',
  );
  expect(told).toContain('(c1, r2) exactly once');
});
