// A person's open modal, the topmost of the stack, as a native dialog's form.
import { buildFormState } from '../slack/form-state.ts';
import { drawBlocks } from './blocks.ts';
import { html, type Item, item } from './markup.ts';
import { type Desk, formOf } from './messages.ts';
import type { Place } from './place.ts';

/** Empty while none is open. What was filled in and what the app said of it is shown. */
export function drawModal(desk: Desk, place: Place): readonly Item[] {
  const view = desk.slack.modals(place.userId).at(-1);
  if (view?.content.type !== 'modal') return [];
  const { title, submit, close, blocks } = view.content;
  const form = { ...formOf(desk), state: buildFormState(blocks, view.filled), errors: view.errors };
  return [
    item(
      view.id,
      html`<form data-view="${view.id}" novalidate><h2>${title.text}</h2><div class="blocks">${drawBlocks(blocks, desk.names, form)}</div>
<p class="error" role="alert" data-problem></p>
<div class="actions end"><button type="button" class="button" data-close-view>${close?.text ?? 'Cancel'}</button>${
        submit ? html`<button class="button primary">${submit.text}</button>` : ''
      }</div></form>`,
    ),
  ];
}
