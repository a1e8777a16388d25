// Who and where: one workspace with its app's bot, users and channels. Knows no messages and no transport.
import type { Changes } from './changes.ts';
import { createChannels } from './channels.ts';
import { newId } from './ids.ts';
import { createUsers } from './users.ts';

/** Creates a directory with only the bot's own user in it. */
export function createDirectory(options: {
  teamId: string;
  appId: string;
  botName: string;
  now: () => Date;
  changes: Changes;
}) {
  const { teamId, appId, now, changes } = options;
  const users = createUsers({ teamId, changes });
  const bot = users.addUser({ name: options.botName, realName: capital(options.botName), isBot: true });
  const channels = createChannels({ users, botUserId: bot.id, now, changes });
  return { teamId, appId, bot, botId: newId('B'), ...users, ...channels };
}

/** The app is shown by the name of its manifest; `errand` is what people type after the @. */
function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

export type Directory = ReturnType<typeof createDirectory>;
