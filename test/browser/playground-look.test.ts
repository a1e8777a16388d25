// How the page looks and to whom it is open: hostile words stay words, a phone suffices, the keyboard suffices, axe is content.
import { expect, test, vi } from 'vitest';
import { expectAccessible, takePictures } from '../support/browser.ts';
import { openStory, SOON } from '../support/playground-page.ts';

vi.setConfig({ testTimeout: 240_000 });

const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script> [x](javascript:alert(1)) "'>`;

test('hostile words in issues, comments, messages and diffs stay words', async () => {
  await using story = await openStory();
  const { page, world, repo } = story;
  world.github.addIssue({
    repo,
    title: HOSTILE,
    body: `${HOSTILE}\n\n<details><b>x</b></details>`,
    author: 'mallory',
  });
  await world.github.commitTo(repo, 'main', { '<b>.js': HOSTILE }, { message: HOSTILE, author: 'mallory' });
  await story.types(HOSTILE);
  await story.says(story.channel, 'onerror=');
  await story.types('/agent fix #4');
  await story.says(story.channel, /\bWorking\b/);
  await story.looksAt('Issues');
  await story.github.locator('.row', { hasText: 'onerror=' }).click();
  await story.says(story.github, /<script>/);
  await story.looksAt('Commits');
  await story.github.locator('.row', { hasText: 'onerror=' }).click();
  await story.github.locator('.diff').waitFor();
  await story.answersTheCall();
  expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
  expect(await page.title()).not.toContain('owned');
  for (const link of await page.locator('main a').all())
    expect(await link.getAttribute('href')).toMatch(/^(https?:|\?|javascript:throw)/);
});

test('a phone shows one pane at a time and is enough to merge', async () => {
  await using story = await openStory({ width: 'phone', scheme: 'dark' });
  const { page } = story;
  await page.getByRole('button', { name: '/agent fix #1' }).click();
  await page.keyboard.press('Enter');
  await story.answersTheCall();
  expect(await story.channel.isVisible()).toBe(false);
  await takePictures(page, 'playground-dark');
  await page.setViewportSize({ width: 390, height: 844 });
  await story.presses('Approve & merge', 'Merge');
  await page.getByRole('button', { name: 'GitHub', exact: true }).click();
  await expect.poll(() => story.github.locator('.commit').count(), SOON).toBe(2);
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  expect(wide).toBe(390);
});

test('the keyboard alone merges a fix, and axe finds nothing on the way', async () => {
  await using story = await openStory();
  const { page } = story;
  await expectAccessible(page);
  const walkTo = async (name: RegExp) => {
    // Whoever walks past the end stands on the body for a step.
    const focused = () =>
      page.evaluate(
        '((at) => at.matches("a, button") ? (at.getAttribute("aria-label") ?? at.textContent).trim() : "")(document.activeElement)',
      );
    for (let step = 0; step < 120 && !name.test(String(await focused())); step += 1)
      await page.keyboard.press('Tab');
    expect(String(await focused())).toMatch(name);
  };
  await walkTo(/^\/agent fix #1$/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.locator('[data-region=bell] button').waitFor();
  await walkTo(/mentioned you/);
  await page.keyboard.press('Enter');
  await story.says(story.thread, 'is ready for your decision');
  await expectAccessible(page);
  await walkTo(/^Approve & merge$/);
  await page.keyboard.press('Enter');
  await page.locator('dialog.confirm[open]').waitFor();
  await walkTo(/^Merge$/);
  await page.keyboard.press('Enter');
  await story.says(story.coach, 'Merged.');
  await story.looksAt('Pulls');
  await story.github.locator('.row').first().click();
  await story.github.locator('.diff').waitFor();
  await expectAccessible(page);
  await story.faults.click();
  await expectAccessible(page);
});
