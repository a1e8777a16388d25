// `/agent …`. It was stored and acknowledged before this runs.
import { isRefusal } from '../errors.ts';
import { answer } from './answer.ts';
import { decodeCommand } from './decode.ts';
import type { Desk, Request } from './desk.ts';
import { parseCommand } from './parse-command.ts';
import { commandKey, commandSchema } from './payloads.ts';
import { type CommandPlace, runCommand } from './run-command.ts';
import { recipientOf } from './start-request.ts';

export async function hearSlashCommand(desk: Desk, body: unknown, { receivedAt }: Request): Promise<void> {
  const request = commandSchema.parse(body);
  const place: CommandPlace = {
    sourceKey: commandKey(request),
    team: desk.identity().teamId,
    channel: request.channel_id,
    requester: request.user_id,
    askedAt: receivedAt,
    speaker: { id: request.user_id, team: request.team_id },
    // Slack offers no slash commands in threads, so nothing was said before it.
    readContext: async () => [],
    ...(request.response_url === undefined ? {} : { responseUrl: request.response_url }),
  };
  const command = parseCommand(decodeCommand(request.text), { freeWords: false, serverUrl: desk.serverUrl });
  if (isRefusal(command)) return answer(desk, recipientOf(place), command.refusal);
  await runCommand(desk, command, place);
}
