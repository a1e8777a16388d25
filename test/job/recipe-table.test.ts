// The table of recipes, read as a newcomer would: whatever is published was judged before, by the host, and nothing goes round
// for ever.
import { describe, expect, test } from 'vitest';
import { RECIPES, type Recipe } from '../../src/job/recipe.ts';

const table: readonly (readonly [string, Recipe])[] = Object.entries(RECIPES);
const at = (recipe: Recipe, what: Recipe[number]['do']) => recipe.findIndex((step) => step.do === what);

test('it has a row for each kind of work', () => {
  expect(Object.keys(RECIPES).toSorted()).toEqual(
    ['address', 'ask', 'ci', 'do', 'fix', 'go_on', 'remember', 'review', 'update', 'wait'].toSorted(),
  );
});

describe.each(table)('%s', (_name, recipe) => {
  test('does each step once, and sends work back a bounded number of times', () => {
    expect(new Set(recipe.map((step) => step.do)).size).toBe(recipe.length);
    for (const { sendBack = 0 } of recipe) expect(sendBack).toBeLessThanOrEqual(2);
  });

  test('publishes nothing that the host has not judged', () => {
    if (at(recipe, 'publish') < 0) return expect(at(recipe, 'implement')).toBe(-1);
    expect(at(recipe, 'publish')).toBe(recipe.length - 1);
    expect(at(recipe, 'gates')).toBeGreaterThanOrEqual(0);
    for (const what of ['gates', 'checks', 'publish'] as const) {
      for (const step of recipe.filter((one) => one.do === what)) expect(step.by).toBe('host');
    }
  });

  test('has what an agent made checked and reviewed by somebody else', () => {
    if (at(recipe, 'implement') < 0) return expect(at(recipe, 'checks')).toBe(-1);
    const order = (['implement', 'gates', 'checks', 'review', 'publish'] as const).map((what) =>
      at(recipe, what),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
  });
});
