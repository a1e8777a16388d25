// What of a change that is too long for a prompt its reviewer is shown.
import { expect, test } from 'vitest';
import { fitPatch } from '../../src/job/fit-patch.ts';

const file = (path: string, lines: number, line = 'x') =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -0,0 +1,${lines} @@\n${`+${line}\n`.repeat(lines)}`;

const shorten = (texts: readonly string[], most: number, cut = false) =>
  fitPatch(
    { text: texts.join(''), cut },
    { paths: texts.map((text) => /b\/(\S+)/.exec(text)?.[1] ?? ''), most },
  );

test('what fits is shown as it is', () => {
  const texts = [file('a.ts', 3), file('package-lock.json', 5)];
  expect(shorten(texts, 10_000)).toEqual({ text: texts.join(''), files: 2, seen: 2, left: [] });
});

test('source and tests come before what programs write, and the order of the patch is kept', () => {
  const texts = [
    file('dist/a.js', 200),
    file('package-lock.json', 300),
    file('src/a.ts', 100),
    file('test/a.test.ts', 50),
  ];
  const { text, seen, files, left } = shorten(texts, 700);
  expect(text).toBe(`${texts[2]}${texts[3]}`);
  expect({ seen, files, left }).toEqual({ seen: 2, files: 4, left: ['dist/a.js', 'package-lock.json'] });
});

test('one long file does not hide the short ones', () => {
  const { text, left } = shorten([file('a-long.ts', 5_000), file('b.ts', 3), file('c.ts', 3)], 1_000);
  expect(text).toContain('+++ b/b.ts');
  expect(text).toContain('+++ b/c.ts');
  expect(left).toEqual(['a-long.ts']);
});

test('a file that is too long alone is shown so far, and not counted as seen', () => {
  const { text, seen, left } = shorten([file('a.ts', 5_000)], 1_000);
  expect(text.startsWith('diff --git a/a.ts')).toBe(true);
  expect(text.length).toBeLessThan(1_000);
  expect({ seen, left }).toEqual({ seen: 0, left: ['a.ts'] });
});

test('a patch that lost its end does not show its last file as whole', () => {
  const texts = [file('a.ts', 3), file('b.ts', 3)];
  const lost = fitPatch(
    { text: texts.join(''), cut: true },
    { paths: ['a.ts', 'b.ts', 'c.ts'], most: 10_000 },
  );
  expect(lost).toMatchObject({ text: texts[0], files: 3, seen: 1, left: ['b.ts', 'c.ts'] });
});

test('no line of a file is taken for the head of another', () => {
  const texts = [file('a.ts', 2, 'diff --git a/evil b/evil'), file('b.ts', 2)];
  expect(shorten(texts, 10_000)).toMatchObject({ files: 2, seen: 2 });
});

test.each(['\r', '\u2028', '\u2029'])('nor what follows a line end that git does not know: %j', (end) => {
  const texts = [file('src/a.ts', 300, `x${end}diff --git a/x.lock b/x.lock`), file('b.ts', 2)];
  expect(shorten(texts, 1_000)).toMatchObject({ files: 2, seen: 1, left: ['src/a.ts'] });
});

test('a name that git puts in quotes is read', () => {
  const quoted = '"b/a\\tb\\033.ts"';
  const text = `diff --git "a/x" ${quoted}\n--- /dev/null\n+++ ${quoted}\n@@ -0,0 +1 @@\n+x\n`;
  const fitted = fitPatch({ text, cut: false }, { paths: ['a\tb\u001b.ts'], most: 10_000 });
  expect(fitted).toMatchObject({ seen: 1, left: [] });
});
