// How the local Slack says no: a code that the real one documents, thrown inside and answered as `ok: false`.
// Never used for our own bugs.

/** Thrown by Web API methods; `messages` become `response_metadata.messages`, as for `invalid_blocks`. */
export class SlackFailure extends Error {
  override readonly name = 'SlackFailure';
  readonly code: string;
  readonly messages: readonly string[];
  constructor(code: string, messages: readonly string[] = []) {
    super(messages.length > 0 ? `${code}: ${messages.join('; ')}` : code);
    this.code = code;
    this.messages = messages;
  }
}

/** Thrown at whoever plays a person: they tried what Slack's own client would not let them do. */
export class PersonCannot extends Error {
  override readonly name = 'PersonCannot';
}
