// The three forms, as Slack's views. Pure. Limits: title 24, input 3,000, private_metadata 3,000 characters.
import type { View } from '@slack/web-api';
import { z } from 'zod';
import { jobName } from '../job/job.ts';
import type { Repo } from '../job/repo.ts';
import { ACTION, VIEW } from './ids.ts';
import { repositoryOption } from './repository-menu.ts';

/** Longest text that Slack's input takes. */
export const INPUT_LIMIT = 3_000;

const QUOTED_HINT =
  'This was not written by a full member. By sending it you make it your own task: read it first.';

/** The fields; errors are shown under these. */
export const FIELD = { words: 'words', task: 'task', repo: 'repo' } as const;

/** What a decision's form carries; `sha` is the head that its sender was shown, else `turn` the turn. */
export const decisionPlaceSchema = z.object({
  jobId: z.number(),
  sha: z.string().optional(),
  turn: z.number().optional(),
});
export type DecisionPlace = z.infer<typeof decisionPlaceSchema>;

/** What *Send to agent* carries: where the message stands. */
export const taskPlaceSchema = z.object({
  channel: z.string(),
  /** The first message of the thread. */
  threadTs: z.string(),
  messageTs: z.string(),
  inThread: z.boolean(),
});
export type TaskPlace = z.infer<typeof taskPlaceSchema>;

/** What a *Send to agent* form carries; undefined for any other form. */
export function readTaskPlace(privateMetadata: string): TaskPlace | undefined {
  try {
    return taskPlaceSchema.safeParse(JSON.parse(privateMetadata)).data;
  } catch {
    return undefined;
  }
}

/** Where its sender is answered: in the thread, if there is one to look at. */
export function answerThread({ inThread, threadTs }: TaskPlace): string | undefined {
  return inThread ? threadTs : undefined;
}

export function changesModal(place: DecisionPlace): View {
  return modal({
    callbackId: VIEW.changes,
    title: `Changes for ${jobName({ id: place.jobId })}`,
    submit: 'Send',
    place,
    blocks: [textInput({ field: FIELD.words, label: 'What should be different?', optional: false })],
  });
}

export function rejectModal(place: DecisionPlace): View {
  return modal({
    callbackId: VIEW.reject,
    title: `Reject ${jobName({ id: place.jobId })}`,
    submit: 'Reject',
    place,
    blocks: [
      textInput({
        field: FIELD.words,
        label: 'Why? (optional)',
        hint: 'The pull request is closed with this as the comment, and its branch is deleted.',
        optional: true,
      }),
    ],
  });
}

export function taskModal(options: {
  place: TaskPlace;
  task: string;
  repo: Repo | undefined;
  /** The message is not by a full member: whoever sends the form answers for its words. */
  isQuoted?: true;
}): View {
  const { task } = options;
  const cut = task.length > INPUT_LIMIT;
  return modal({
    callbackId: VIEW.task,
    title: 'Send to agent',
    submit: 'Start',
    place: options.place,
    blocks: [
      textInput({
        field: FIELD.task,
        label: 'Task',
        optional: false,
        initial: cut ? `${task.slice(0, INPUT_LIMIT - 1)}…` : task,
        ...(options.isQuoted ? { hint: QUOTED_HINT } : {}),
        ...(cut && !options.isQuoted
          ? { hint: 'The message is longer than fits here; the whole of it goes along as context.' }
          : {}),
      }),
      {
        type: 'input',
        block_id: FIELD.repo,
        label: { type: 'plain_text', text: 'Repository' },
        element: {
          type: 'external_select',
          action_id: ACTION.pickRepo,
          placeholder: { type: 'plain_text', text: 'Search repositories' },
          min_query_length: 0,
          ...(options.repo ? { initial_option: repositoryOption(options.repo) } : {}),
        },
      },
    ],
  });
}

function modal(options: {
  callbackId: string;
  title: string;
  submit: string;
  place: unknown;
  blocks: View['blocks'];
}): View {
  return {
    type: 'modal',
    callback_id: options.callbackId,
    private_metadata: JSON.stringify(options.place),
    title: { type: 'plain_text', text: options.title.slice(0, 24) },
    submit: { type: 'plain_text', text: options.submit },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: options.blocks,
  };
}

function textInput(options: {
  field: string;
  label: string;
  optional: boolean;
  hint?: string;
  initial?: string;
}): View['blocks'][number] {
  return {
    type: 'input',
    block_id: options.field,
    optional: options.optional,
    label: { type: 'plain_text', text: options.label },
    ...(options.hint === undefined ? {} : { hint: { type: 'plain_text', text: options.hint } }),
    element: {
      type: 'plain_text_input',
      action_id: 'text',
      multiline: true,
      max_length: INPUT_LIMIT,
      ...(options.initial ? { initial_value: options.initial } : {}),
    },
  };
}
