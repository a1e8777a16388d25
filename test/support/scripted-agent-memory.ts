// What the scripted agent remembers of a session: one small file in its HOME, as real agents do.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function memoryOf(sessionId: string) {
  const folder = join(homedir(), '.scripted-agent');
  const file = join(folder, `${sessionId.replace(/[^\w-]/g, '_')}.txt`);
  return {
    exists: () => existsSync(file),
    create() {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, '');
    },
    remember: (word: string) => appendFileSync(file, `${word}\n`),
    words: () => readFileSync(file, 'utf8').split('\n').filter(Boolean),
  };
}

/** Keeps a directive for the first prompt that brings none. */
export function keepForLater(sessionId: string, directive: string): void {
  const later = memoryOf(`${sessionId}-later`);
  if (!later.exists()) later.create();
  later.remember(directive);
}

/** What was kept, once. */
export function takeLater(sessionId: string): string[] {
  const later = memoryOf(`${sessionId}-later`);
  if (!later.exists()) return [];
  const kept = later.words();
  later.create();
  return kept;
}

/**
 * What is answered whenever a session is asked for its note: one line after the other, the last again and again. All
 * sessions of a home share them.
 */
export function keepForNotes(lines: readonly string[]): void {
  const kept = memoryOf('notes');
  for (const line of lines) {
    if (!kept.exists()) kept.create();
    if (!kept.words().includes(line)) kept.remember(line);
  }
}

/** The line whose turn it is. */
export function takeForNote(): string | undefined {
  const [kept, used] = [memoryOf('notes'), memoryOf('notes-used')];
  if (!kept.exists()) return undefined;
  if (!used.exists()) used.create();
  const lines = kept.words();
  const index = Math.min(used.words().length, lines.length - 1);
  used.remember('one');
  return lines[index];
}
