// Setting the scene and looking at it: what tests, demo and pages read of the workspace without going over the wire.
import type { AgentSessions } from './agent-sessions.ts';
import type { Changes } from './changes.ts';
import type { Directory } from './directory.ts';
import type { Messages } from './messages.ts';
import type { Render } from './render.ts';
import type { Streams } from './streams.ts';
import type { Views } from './views.ts';

/** Creates the readers. */
export function createStage(options: {
  directory: Directory;
  messages: Messages;
  views: Views;
  render: Render;
  changes: Changes;
  sessions: AgentSessions;
  streams: Streams;
}) {
  const { directory, messages, views, render, changes, sessions, streams } = options;
  return {
    addUser: directory.addUser,
    addChannel: directory.addChannel,
    addUserGroup: directory.addUserGroup,
    setUserGroup: directory.setUserGroup,
    changeUser: directory.changeUser,
    openDm: directory.openDm,
    archive(channel: string): void {
      directory.getChannel(channel).isArchived = true;
      changes.changed();
    },

    /** Everybody, the app's bot among them. */
    users: directory.listUsers,
    channels: directory.listChannels,
    /** Messages of a channel, oldest first; with `threadTs` only that thread. */
    messages: (channel: string, only: { threadTs?: string } = {}) =>
      only.threadTs === undefined ? messages.inChannel(channel) : messages.thread(channel, only.threadTs),
    thread: messages.thread,
    /** One message with every edit in `history`, also after its deletion. */
    message: messages.find,
    reactions: (channel: string, ts: string) => messages.get(channel, ts).reactions,
    ephemerals: messages.ephemeralsTo,
    /** The modals a person has open, the topmost last. */
    modals: views.openModals,
    home: views.home,
    /** What a thread says of its agent; undefined where none was ever declared. */
    agentSession: sessions.find,
    agentSessionHistory: sessions.history,
    isStreaming: streams.isStreaming,

    waitFor: changes.waitFor,
    onChange: changes.onChange,
    renderThread: render.renderThread,
    renderEphemeral: render.renderEphemeral,
    renderView: render.renderView,
  };
}
