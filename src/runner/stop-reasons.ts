// What people are told where an agent ends its turn before its work is done. Pure.
import { PermanentError } from '../errors.ts';

/** Ways an agent ends a turn that are no ends of the work. */
export function judgeStop(stopReason: string): void {
  switch (stopReason) {
    case 'end_turn':
      return;
    case 'max_tokens':
    case 'max_turn_requests':
      throw new PermanentError(
        'agent_exhausted',
        'The agent used up what its model allows in one go before it was finished. Its work so far is kept: press Retry to go on, or reply with a smaller task.',
      );
    case 'refusal':
      throw new PermanentError(
        'agent_refused',
        'The agent refused this task. Reply in other words, or choose another agent with a new job.',
      );
    case 'unknown':
      throw new PermanentError(
        'agent_ended_oddly',
        'The agent ended its turn in a way that Errand does not know, so nobody can tell whether it was finished. Its work so far is kept: press Retry to go on.',
      );
    default:
      throw new PermanentError(
        'agent_cancelled',
        'The agent ended its turn as cancelled although nobody asked it to. Press Retry to go on.',
      );
  }
}
