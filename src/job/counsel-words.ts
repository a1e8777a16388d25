// Why there is no answer of a session, for pulls and threads that anybody may read. What an agent's process printed, and how
// it was started, name places of the machine and stay in the log. Pure.

/** By the code of what went wrong; each reads on after "it". */
const WHY: Readonly<Record<string, string>> = {
  agent_closed: 'was stopped before it was ready',
  agent_error: 'reported an error',
  agent_exited: 'stopped by itself',
  agent_login: 'is not logged in here',
  agent_missing: 'is not installed here',
  agent_protocol: 'did not speak as an agent does',
  agent_setting_unknown: 'does not know the model or the mode that it was to use',
  agent_start_timeout: 'did not get ready in time',
  agent_unknown: 'is no agent that is known here',
};

/** Codes whose words are our own, about the session and nothing else. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'agent_silent',
  'cost_limit',
  'login_exposed',
  'malformed_answer',
  'no_answer',
  'token_limit',
  'turn_limit',
]);

/** `code` and `message` of the error; without a code it was trouble that passes. */
export function whyMissing(code: string | undefined, message: string): string {
  if (code === undefined) return 'could not be asked';
  if (OWN_WORDS.has(code)) return message;
  return WHY[code] ?? 'took more than a session may, or was ended';
}
