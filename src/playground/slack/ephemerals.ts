// Messages that only one person sees and that no history knows.
import type { Block } from './blocks.ts';
import type { Changes } from './changes.ts';
import type { Timestamps } from './ids.ts';

export type Ephemeral = {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly toUser: string;
  /** Slackbot speaks where Slack itself has something to say (a command that failed). */
  readonly isFromSlack: boolean;
  text: string;
  blocks: readonly Block[];
  isDeleted: boolean;
};

type NewEphemeral = Readonly<{
  channel: string;
  toUser: string;
  text: string;
  blocks?: readonly Block[];
  threadTs?: string | undefined;
  isFromSlack?: boolean;
}>;
type Change = Readonly<{ text?: string; blocks?: readonly Block[]; isDeleted?: boolean }>;

/** Creates the store of ephemerals. */
export function createEphemerals(options: { timestamps: Timestamps; changes: Changes }) {
  const ephemerals: Ephemeral[] = [];
  return {
    addEphemeral(ephemeral: NewEphemeral): Ephemeral {
      const added: Ephemeral = {
        ts: options.timestamps.next(),
        blocks: [],
        threadTs: undefined,
        isFromSlack: false,
        isDeleted: false,
        ...ephemeral,
      };
      ephemerals.push(added);
      options.changes.changed();
      return added;
    },
    editEphemeral(ephemeral: Ephemeral, change: Change): void {
      Object.assign(ephemeral, change);
      options.changes.changed();
    },
    findEphemeral: (channel: string, ts: string) =>
      ephemerals.find((one) => one.channel === channel && one.ts === ts && !one.isDeleted),
    ephemeralsTo: (userId: string) => ephemerals.filter((one) => one.toUser === userId && !one.isDeleted),
  };
}
