// The verbs of people, all of them. Each goes over the app's real transport.
import type { AgentSessions } from '../agent-sessions.ts';
import type { Bulletin } from '../bulletin.ts';
import type { DescribeMessage } from '../describe-message.ts';
import type { Directory } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';
import type { Escaping } from '../escaping.ts';
import type { EventSink } from '../events.ts';
import type { Membership } from '../membership.ts';
import type { Messages } from '../messages.ts';
import type { ResponseUrls } from '../response-urls.ts';
import type { Streams } from '../streams.ts';
import type { Triggers } from '../triggers.ts';
import type { Views } from '../views.ts';
import { createAttending } from './attend.ts';
import { createChoices } from './choices.ts';
import { createClick } from './click.ts';
import { createInteractions } from './interaction.ts';
import { createModals } from './modal.ts';
import { createSaying } from './say.ts';
import { createSessionVerbs } from './sessions.ts';
import { createShortcuts } from './shortcuts.ts';
import { createSlashCommand } from './slash-command.ts';
import { createSuggest } from './suggest.ts';
import { createDescribeSurface, createSurfaces } from './surface.ts';

/** Creates the verbs over one workspace. */
export function createPeople(options: {
  directory: Directory;
  messages: Messages;
  views: Views;
  bulletin: Bulletin;
  membership: Membership;
  describe: DescribeMessage;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  dispatch: Dispatch;
  events: EventSink;
  escaping: Escaping;
  sessions: AgentSessions;
  streams: Streams;
  commands: readonly string[];
}) {
  const interactions = createInteractions(options);
  const surfaces = createSurfaces(options);
  const choices = createChoices(options);
  const describeSurface = createDescribeSurface({ ...options, filled: choices.filled });
  const pointing = { ...options, surfaces, choices, interactions, describeSurface };
  return {
    slashCommand: createSlashCommand(options),
    ...createSaying(options),
    ...createAttending(options),
    ...createSessionVerbs(options),
    click: createClick({ ...pointing, nextTs: options.events.nextTs }),
    suggest: createSuggest(pointing),
    ...createModals({ ...options, interactions, choices }),
    ...createShortcuts({ ...options, interactions }),
  };
}
