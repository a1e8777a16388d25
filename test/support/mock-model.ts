// A model on localhost (aimock) that follows simple rules: when a person's words match, it writes a file with the agent's
// own tool; when nothing is left to write, it ends with a summary. It keeps no state: everything is read off the
// conversation the agent sends, so resumed sessions and steering work as with a real model.
import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock';

export type EditRule = Readonly<{
  /** Matched against all that people said in the conversation. */
  when: RegExp;
  /** Absolute path. */
  path: string;
  content: string;
  /** What the model waits for before it answers: time for a test to steer. */
  before?: () => Promise<void>;
}>;

export const SUMMARY = [
  '## Title\nWrite what was asked for',
  '## What changed\nThe files that were asked for.',
  '## How it was checked\nNot at all: a mock model.',
  '## Risks\nNone.',
].join('\n\n');

/** Names under which agents offer "write a whole file", and how they call its arguments. */
const WRITE_TOOLS: Readonly<Record<string, (rule: EditRule) => object>> = {
  write: ({ path, content }) => ({ filePath: path, content }),
  Write: ({ path, content }) => ({ file_path: path, content }),
};

/**
 * What the model answers in a session that is not the author's, by the part that its first prompt names; a function where
 * that depends on what the session was told.
 */
export type PartAnswers = Readonly<Record<string, object | ((said: string) => object)>>;

/** Starts the model on a free port of 127.0.0.1; `stop` ends it. */
export async function startMockModel(rules: readonly EditRule[], answers: PartAnswers = {}) {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  const heard: string[] = [];
  const asked: { model: string; part: string; tools: readonly string[] }[] = [];
  mock.addFixture({
    match: { predicate: () => true },
    response: async (request) => {
      const said = peopleSaid(request);
      heard.push(said);
      const part = /Your part: (.+)/.exec(said)?.[1]?.trim();
      const tools = (request.tools ?? []).map((each) => each.function.name);
      if (tools.length > 0) asked.push({ model: request.model, part: part ?? 'author', tools });
      const tool = request.tools?.map((each) => each.function.name).find((name) => name in WRITE_TOOLS);
      const usage = { prompt_tokens: 1_200, completion_tokens: 80, input_tokens: 1_200, output_tokens: 80 };
      if (part !== undefined && tools.length > 0) {
        const answer = answers[part];
        const value = typeof answer === 'function' ? answer(said) : answer;
        return { content: `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``, usage };
      }
      const rule = tool
        ? rules.find((each) => each.when.test(said) && !wasWritten(request, each))
        : undefined;
      if (!tool || !rule) return { content: tool ? SUMMARY : 'A title', usage };
      await rule.before?.();
      const call = { name: tool, arguments: JSON.stringify(WRITE_TOOLS[tool]?.(rule)) };
      return { toolCalls: [call], usage };
    },
  });
  await mock.start();
  return {
    url: mock.url,
    /** What people said, as the model heard it, once per request. */
    heard: heard as readonly string[],
    /** Who was asked for what, and the tools that it was offered; once per request of an agent at work. */
    asked: asked as readonly Readonly<{ model: string; part: string; tools: readonly string[] }>[],
    stop: () => mock.stop(),
  };
}

function wasWritten(request: ChatCompletionRequest, rule: EditRule): boolean {
  const calls = request.messages.flatMap((message) => message.tool_calls ?? []);
  return calls.some(
    (call) =>
      call.function.name in WRITE_TOOLS && call.function.arguments.includes(JSON.stringify(rule.path)),
  );
}

function peopleSaid(request: ChatCompletionRequest): string {
  const texts = request.messages
    .filter((message) => message.role === 'user')
    .map(({ content }) =>
      typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n'),
    );
  return texts.join('\n');
}
