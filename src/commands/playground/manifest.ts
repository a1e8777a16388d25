// What the Slack app's manifest promises people: its slash commands with their hints, and its message shortcuts.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const MANIFEST = new URL('../../../manifest.yml', import.meta.url);

const schema = z.object({
  features: z.object({
    slash_commands: z.array(
      z.object({ command: z.string(), description: z.string(), usage_hint: z.string().default('') }),
    ),
    shortcuts: z.array(z.object({ name: z.string(), type: z.string(), callback_id: z.string() })),
  }),
});

export async function readManifest() {
  const { features } = schema.parse(parse(await readFile(MANIFEST, 'utf8')));
  return {
    commands: features.slash_commands.map(({ command, description, usage_hint }) => ({
      command,
      description,
      usageHint: usage_hint,
    })),
    shortcuts: features.shortcuts
      .filter(({ type }) => type === 'message')
      .map(({ name, callback_id }) => ({ name, callbackId: callback_id })),
  };
}
