// What a change is in short: what its author says of it, and how large it is. Pure.
import { z } from 'zod';

/** What the agent said of its own work, cut into the four parts that a human decides by. */
export const summarySchema = z.object({
  title: z.string(),
  changed: z.string(),
  checked: z.string(),
  risks: z.string(),
});
export type Summary = z.infer<typeof summarySchema>;

/** Size of a change. `files` holds the first few only; the numbers count all. */
export const changeSizeSchema = z.object({
  fileCount: z.number(),
  added: z.number(),
  deleted: z.number(),
  files: z.array(z.object({ path: z.string(), added: z.number(), deleted: z.number() })),
});
export type ChangeSize = z.infer<typeof changeSizeSchema>;
