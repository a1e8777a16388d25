// What an app may answer to a submitted modal (response_action), and what then happens to the modal.
import { z } from 'zod';
import { interactiveElements } from '../blocks.ts';
import { checkView } from '../view-shape.ts';
import type { View } from '../view-store.ts';
import type { Views } from '../views.ts';
import type { Outcome } from './interaction.ts';

export type Submitted = Outcome & Readonly<{ errors?: Readonly<Record<string, string>>; view?: View }>;

const answerSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

/** Does with the modal what the app's answer says; an empty answer closes it. */
export function followAnswer(views: Views, view: View, outcome: Outcome): Submitted {
  const isPlain = outcome.ackBody === undefined || outcome.ackBody === '' || isEmptyObject(outcome.ackBody);
  if (isPlain) {
    views.close(view);
    return outcome;
  }
  const parsed = answerSchema.safeParse(outcome.ackBody);
  if (!parsed.success) return { ...outcome, error: 'invalid_response_action' };
  const answer = parsed.data;
  switch (answer.response_action) {
    case 'errors': {
      const unknown = Object.keys(answer.errors).find((id) => !hasInput(view, id));
      if (unknown !== undefined) return { ...outcome, error: `errors_name_no_input_block:${unknown}` };
      views.setErrors(view, answer.errors);
      return { ...outcome, errors: answer.errors };
    }
    case 'update':
      return { ...outcome, view: views.update(view, checkView(answer.view, 'modal')) };
    case 'push':
      return { ...outcome, view: views.push(view, checkView(answer.view, 'modal')) };
    case 'clear':
      views.closeStack(view);
      return outcome;
  }
}

function hasInput(view: View, blockId: string): boolean {
  return interactiveElements(view.content.blocks).some(
    (placed) => placed.blockId === blockId && placed.input,
  );
}

function isEmptyObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 0;
}
