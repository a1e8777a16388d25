// A view as the Web API and interaction payloads show it. Reads, never writes.
import type { Directory } from './directory.ts';
import { buildFormState } from './form-state.ts';
import type { View } from './view-store.ts';

/** The view with everything Slack adds to what the app sent, the filled-in state among it. */
export function describeView(view: View, directory: Directory) {
  const { content } = view;
  const modal =
    content.type === 'modal'
      ? {
          title: content.title,
          close: content.close ?? null,
          submit: content.submit ?? null,
          clear_on_close: content.clear_on_close ?? false,
          notify_on_close: content.notify_on_close ?? false,
        }
      : { title: null, close: null, submit: null, clear_on_close: false, notify_on_close: false };
  return {
    id: view.id,
    team_id: directory.teamId,
    type: content.type,
    blocks: content.blocks,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    external_id: content.external_id ?? '',
    state: { values: buildFormState(content.blocks, view.filled) },
    hash: view.hash,
    ...modal,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: directory.appId,
    app_installed_team_id: directory.teamId,
    bot_id: directory.botId,
  };
}
