// The people and bots of the workspace, and its user groups.
import type { Changes } from './changes.ts';
import { SlackFailure } from './failure.ts';
import { newId } from './ids.ts';

export type User = Readonly<{
  id: string;
  name: string;
  realName: string;
  isBot: boolean;
  /** A guest: may only be in the channels they were invited to. */
  isRestricted: boolean;
  /** A guest of one channel only; Slack sets `is_restricted` for them, too. */
  isUltraRestricted: boolean;
  /** Somebody of another workspace in a shared channel. */
  isStranger: boolean;
  isDeleted: boolean;
  teamId: string;
  tz: string;
}>;

export type NewUser = Readonly<{ name: string } & Partial<Omit<User, 'name' | 'teamId'>>>;

/** Creates the list of users, empty. Strangers get a team of their own. */
export function createUsers(options: { teamId: string; changes: Changes }) {
  const users = new Map<string, User>();
  const userGroups = new Map<string, readonly string[]>();
  return {
    addUser(user: NewUser): User {
      const added: User = {
        id: newId('U'),
        realName: user.name,
        isBot: false,
        isRestricted: user.isUltraRestricted ?? false,
        isUltraRestricted: false,
        isStranger: false,
        isDeleted: false,
        teamId: user.isStranger ? newId('T') : options.teamId,
        tz: 'Europe/Berlin',
        ...user,
      };
      users.set(added.id, added);
      options.changes.changed();
      return added;
    },
    /** An admin changes what somebody is: deactivates them, makes them a guest. */
    changeUser(
      id: string,
      changes: Partial<Pick<User, 'isDeleted' | 'isRestricted' | 'isUltraRestricted'>>,
    ): void {
      const user = users.get(id);
      if (!user) throw new SlackFailure('user_not_found');
      users.set(id, { ...user, ...changes });
      options.changes.changed();
    },
    listUsers: () => [...users.values()],
    /** Throws `user_not_found`. */
    getUser(id: string): User {
      const user = users.get(id);
      if (!user) throw new SlackFailure('user_not_found');
      return user;
    },
    /** A user group such as @backend; answers its id. */
    addUserGroup(members: readonly string[]): string {
      const id = newId('S');
      userGroups.set(id, members);
      return id;
    },
    setUserGroup(id: string, members: readonly string[]): void {
      userGroups.set(id, members);
    },
    /** Throws `no_such_subteam`. */
    userGroupMembers(id: string): readonly string[] {
      const members = userGroups.get(id);
      if (!members) throw new SlackFailure('no_such_subteam');
      return members;
    },
  };
}

export type Users = ReturnType<typeof createUsers>;
