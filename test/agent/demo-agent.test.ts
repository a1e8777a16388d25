// The demo's agent over our own driver: it repairs the sample bug, listens on the way, remembers, and stops when told.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { useAgents } from '../support/agent-harness.ts';

const agents = useAgents();

const COMMAND = [process.execPath, resolve(import.meta.dirname, '../../src/playground/agent.ts')];
const CART = `export const cartTotal = (lines, discountPercent = 0) => {
  const sum = lines.reduce((all, line) => all + line.priceCents * line.quantity, 0);
  return sum - Math.round(sum * discountPercent);
};
`;
const CART_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartTotal } from '../src/cart.js';
const lines = [{ priceCents: 1999, quantity: 3 }];
test('ten percent', () => assert.equal(cartTotal(lines, 10), 5397));
`;

async function shop(paceMs = 0) {
  const places = await agents.folder();
  await mkdir(join(places.tree, 'src'));
  await mkdir(join(places.tree, 'test'));
  await writeFile(join(places.tree, 'package.json'), '{"type":"module","scripts":{"test":"node --test"}}');
  await writeFile(join(places.tree, 'src/cart.js'), CART);
  await writeFile(join(places.tree, 'test/cart.test.js'), CART_TEST);
  const env = { HOME: places.home, PATH: process.env['PATH'] ?? '', DEMO_PACE_MS: String(paceMs) };
  const open = (changes = {}) => agents.open(places, { command: COMMAND, env, ...changes });
  return { open, read: (path: string) => readFile(join(places.tree, path), 'utf8') };
}

describe('the demo agent', () => {
  it('finds the failing test, repairs the bug and tells what it did', async () => {
    const { open, read } = await shop();
    const { agent, of } = await open();
    const { text, usage, stopReason } = await agent.prompt(
      'Fix issue #1: discount codes make the total negative',
    );
    expect(stopReason).toBe('end_turn');
    expect(await read('src/cart.js')).toContain('Math.round((sum * discountPercent) / 100)');
    expect(text).toContain('`npm test` before: failed\n- `npm test` after: passed');
    for (const heading of ['Title', 'What changed', 'How it was checked', 'Risks'])
      expect(text).toContain(`## ${heading}`);
    expect(
      of('plan')
        .at(-1)
        ?.steps.every((step) => step.status === 'completed'),
    ).toBe(true);
    expect(of('tool').some((tool) => tool.paths.includes('src/cart.js') && tool.status === 'completed')).toBe(
      true,
    );
    expect(usage.contextUsed).toBeGreaterThan(0);
  });

  it('takes in what people say while it works', async () => {
    const { open, read } = await shop(200);
    const { agent, updates } = await open();
    const turn = agent.prompt('Fix issue #1');
    await vi.waitFor(() => expect(updates).not.toHaveLength(0), 10_000);
    expect(await agent.steer('please also mention it in the CHANGELOG')).toBe('delivered');
    expect(await agent.steer('and add a test for zero')).toBe('delivered');
    const { text } = await turn;
    expect(await read('CHANGELOG.md')).toContain('- please also mention it in the CHANGELOG');
    expect(await read('test/cart.test.js')).toContain('a discount of zero takes off nothing');
    expect(text).toMatch(/CHANGELOG\.md/);
  });

  it('remembers an earlier turn in a resumed session and takes in the reply', async () => {
    const { open, read } = await shop();
    const first = await open();
    await first.agent.prompt('Fix issue #1');
    await first.agent.close();
    const second = await open({ resume: first.agent.sessionId });
    expect(second.agent.resumed).toBe(true);
    const reply =
      'People of the team say, and this counts as part of your task:\n\nmira: Please add a line to the README';
    await second.agent.prompt(`${reply}\n\nEnd with a last message in exactly this form`);
    expect(await read('README.md')).toContain('- Please add a line to the README');
    expect(JSON.stringify(second.of('message'))).toContain('I remember what I did: src/cart.js');
  });

  it('notes a task it has no rule for where a person finds it', async () => {
    const { open, read } = await shop();
    await (await open()).agent.prompt('Fix issue #1');
    const { agent } = await open();
    await agent.prompt('You work alone.\n\n# Task\n\nMake the till faster\n\nHow to work here:\n- Well.');
    expect(await read('TODO.md')).toContain('- Make the till faster\n');
  });

  it('changes nothing while it only plans', async () => {
    const { open, read } = await shop();
    const { agent } = await open({ mode: 'plan' });
    expect((await agent.prompt('Fix issue #1')).text).toContain('## Plan\n1. src/cart.js');
    expect(await read('src/cart.js')).toBe(CART);
  });

  it('stops when told', async () => {
    const { open } = await shop(60_000);
    const { agent, of } = await open();
    const turn = agent.prompt('Fix issue #1');
    await vi.waitFor(() => expect(of('plan')).not.toHaveLength(0), 10_000);
    expect(await agent.cancel()).toBe('ended');
    expect((await turn).stopReason).toBe('cancelled');
  });
});
