// Real agents, offline, driven by our own driver: a real edit in a real tree, usage, a resumed session, steering, and no
// ear for what a hostile repository would have them do.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useAgents } from '../support/agent-harness.ts';
import { plantHostileConfig, worked } from '../support/hostile-repository.ts';
import { type EditRule, SUMMARY, startMockModel } from '../support/mock-model.ts';
import { installAgent, wantedAgents } from '../support/real-agents.ts';

const agents = useAgents();
const stops: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

describe.each(wantedAgents())('$name', (real) => {
  let command: string[] = [];
  beforeAll(async () => {
    command = await installAgent(real);
  });

  async function start(rules: (tree: string) => EditRule[]) {
    const places = await agents.folder();
    const marks = join(places.job, 'pwned');
    await mkdir(marks);
    await plantHostileConfig(places.tree, marks);
    const model = await startMockModel(rules(places.tree));
    stops.push(model.stop);
    const modelEnv = real.env(model.url);
    const setup = real.spec.prepare({ tree: places.tree, env: modelEnv });
    const env = {
      HOME: places.home,
      PATH: process.env['PATH'] ?? '',
      TMPDIR: places.home,
      ...modelEnv,
      ...setup.env,
    };
    const mode = real.spec.modeIds.implement;
    const open = (changes = {}) =>
      agents.open(places, { spec: real.spec, command, env, mode, startTimeoutMs: 120_000, ...changes });
    return { ...places, marks, model, open };
  }

  it('edits a file, reports usage, and remembers it all in a resumed session', async () => {
    const { tree, marks, model, open } = await start((root) => [
      { when: /greeting/, path: join(root, 'hello.txt'), content: 'hello\n' },
      { when: /farewell/, path: join(root, 'bye.txt'), content: 'bye\n' },
    ]);
    const first = await open();
    expect(first.agent.steering).toBe(real.steering);
    const result = await first.agent.prompt('Please write the greeting.');
    expect(result).toMatchObject({ stopReason: 'end_turn', text: SUMMARY });
    expect(await readFile(join(tree, 'hello.txt'), 'utf8')).toBe('hello\n');
    expect(result.usage.contextUsed).toBeGreaterThan(0);
    expect(result.usage.contextSize).toBeGreaterThan(0);
    const edit = first.of('tool').find((tool) => tool.status === 'completed' && tool.toolKind === 'edit');
    expect(edit?.paths).toContain('hello.txt');
    await first.agent.close();

    const second = await open({ resume: first.agent.sessionId });
    expect(second.agent).toMatchObject({ resumed: true, sessionId: first.agent.sessionId });
    await second.agent.prompt('Now the farewell.');
    expect(await readFile(join(tree, 'bye.txt'), 'utf8')).toBe('bye\n');
    expect(model.heard.at(-1)).toMatch(/greeting[\s\S]*farewell/);
    expect(second.of('message').filter((update) => update.text.includes('## Title'))).toHaveLength(1);
    expect(await worked(marks)).toEqual(real.leaks);
  });

  if (real.steering !== 'none') {
    it('is steered in the middle of a turn', async () => {
      const { promise: steered, resolve: release } = Promise.withResolvers<void>();
      const { promise: asked, resolve: thinking } = Promise.withResolvers<void>();
      const before = () => {
        thinking();
        return steered;
      };
      const { tree, open } = await start((root) => [
        { when: /greeting/, path: join(root, 'hello.txt'), content: 'hello\n', before },
        { when: /farewell/, path: join(root, 'bye.txt'), content: 'bye\n' },
      ]);
      const { agent } = await open();
      const turn = agent.prompt('Please write the greeting.');
      await asked;
      expect(await agent.steer('Also write the farewell.')).toBe('delivered');
      release();
      expect((await turn).stopReason).toBe('end_turn');
      expect(await readFile(join(tree, 'bye.txt'), 'utf8')).toBe('bye\n');
    });
  }
});
