// People using shortcuts and opening the app's home.
import type { DescribeMessage } from '../describe-message.ts';
import { describeView } from '../describe-view.ts';
import type { Directory } from '../directory.ts';
import type { EventSink } from '../events.ts';
import type { Messages } from '../messages.ts';
import type { ResponseUrls } from '../response-urls.ts';
import type { Triggers } from '../triggers.ts';
import type { Views } from '../views.ts';
import { type Interactions, type Outcome, shownName } from './interaction.ts';

/** Creates the verbs. */
export function createShortcuts(options: {
  directory: Directory;
  messages: Messages;
  views: Views;
  describe: DescribeMessage;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  interactions: Interactions;
  events: EventSink;
}) {
  const { directory, interactions, events } = options;
  return {
    /** "More actions" on a message. Works also where the bot is no member. */
    messageShortcut(used: {
      user: string;
      channel: string;
      ts: string;
      callbackId: string;
    }): Promise<Outcome> {
      const channel = directory.getChannel(used.channel);
      const message = options.messages.get(channel.id, used.ts);
      const target = { userId: used.user, channel: channel.id };
      return interactions.send({
        type: 'message_action',
        ...interactions.base(used.user),
        action_ts: events.nextTs(),
        channel: { id: channel.id, name: shownName(channel) },
        callback_id: used.callbackId,
        trigger_id: options.triggers.issue(used.user),
        response_url: options.responseUrls.issue('actions', target),
        message_ts: message.ts,
        message: options.describe(message),
      });
    },
    /** A shortcut from the search box, tied to no message. */
    globalShortcut(used: { user: string; callbackId: string }): Promise<Outcome> {
      return interactions.send({
        type: 'shortcut',
        ...interactions.base(used.user),
        action_ts: events.nextTs(),
        callback_id: used.callbackId,
        trigger_id: options.triggers.issue(used.user),
      });
    },
    /** Opens the app at its home tab, or at its messages; resolves with whether the event was acknowledged. */
    openHome(userId: string, tab: 'home' | 'messages' = 'home'): Promise<boolean> {
      const view = tab === 'home' ? options.views.home(userId) : undefined;
      return events.emit({
        type: 'app_home_opened',
        user: userId,
        channel: directory.openDm(userId).id,
        tab,
        event_ts: events.nextTs(),
        ...(view && { view: describeView(view, directory) }),
      });
    },
  };
}
