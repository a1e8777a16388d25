// What the demo agent remembers of a session: one small file in its HOME, so that a resumed session knows what it did.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const memorySchema = z.object({ turns: z.number(), done: z.array(z.string()) });
export type Remembered = z.infer<typeof memorySchema>;

export function openMemory(sessionId: string) {
  const folder = join(homedir(), '.errand-demo-agent');
  const file = join(folder, `${sessionId.replace(/[^\w-]/g, '_')}.json`);
  return {
    exists: () => existsSync(file),
    load: (): Remembered => memorySchema.parse(JSON.parse(readFileSync(file, 'utf8'))),
    save(remembered: Remembered) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, JSON.stringify(remembered));
    },
  };
}

export type Memory = ReturnType<typeof openMemory>;
