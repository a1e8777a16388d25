// users.*, usergroups.*, bots.*, team.* and auth.*: who is who.
import { z } from 'zod';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { User } from '../users.ts';
import { count, type Method, method, paginate } from './method.ts';

/** Creates the methods that tell who people, bots and the team are. */
export function createPeopleMethods(options: {
  directory: Directory;
  baseUrl: () => string;
}): Record<string, Method> {
  const { directory } = options;
  const { bot, botId, appId, teamId } = directory;
  const bots = {
    id: botId,
    app_id: appId,
    user_id: bot.id,
    name: bot.name,
    deleted: false,
    updated: 0,
    icons: {},
  };

  return {
    'auth.test': method({}, () => ({
      url: `${options.baseUrl()}/`,
      team: 'Local',
      user: bot.name,
      team_id: teamId,
      user_id: bot.id,
      bot_id: botId,
      is_enterprise_install: false,
    })),
    'bots.info': method({ bot: z.string().optional() }, (args) => {
      if (args.bot !== undefined && args.bot !== botId) throw new SlackFailure('bot_not_found');
      return { bot: bots };
    }),
    'team.info': method({}, () => ({
      team: { id: teamId, name: 'Local', domain: 'local', email_domain: '', icon: {} },
    })),
    'users.info': method({ user: z.string() }, (args) => ({
      user: describeUser(directory.getUser(args.user), directory),
    })),
    'users.list': method({ cursor: z.string().optional(), limit: count.default(1000) }, (args) => {
      const { page, response_metadata } = paginate(directory.listUsers(), args);
      return { members: page.map((user) => describeUser(user, directory)), response_metadata };
    }),
    'usergroups.users.list': method({ usergroup: z.string() }, (args) => ({
      users: directory.userGroupMembers(args.usergroup),
    })),
  };
}

function describeUser(user: User, directory: Directory) {
  const isOwnBot = user.id === directory.bot.id;
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.isDeleted,
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: 3600,
    profile: {
      real_name: user.realName,
      display_name: user.realName,
      team: user.teamId,
      ...(isOwnBot && { bot_id: directory.botId, api_app_id: directory.appId }),
    },
    is_admin: false,
    is_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    is_stranger: user.isStranger,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 0,
  };
}
