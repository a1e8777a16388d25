// How the demo agent speaks: messages, its plan, tool calls with diffs and output, and usage. Only ACP session updates.
import type {
  AgentContext,
  PlanEntry,
  SessionUpdate,
  ToolCallContent,
  ToolKind,
} from '@agentclientprotocol/sdk';

const CONTEXT_SIZE = 200_000;
/** A usual rule of thumb; nothing is counted exactly, since there is no model. */
const CHARS_PER_TOKEN = 4;

export function createTeller(client: AgentContext, sessionId: string) {
  let calls = 0;
  let chars = 0;
  const send = (update: SessionUpdate) => client.notify('session/update', { sessionId, update });

  return {
    say: (text: string) => send({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }),

    /** Shows the plan with the first `finished` steps ticked off and the next one under way. */
    plan(steps: readonly string[], finished: number) {
      const entries = steps.map((content, index): PlanEntry => {
        const status = index < finished ? 'completed' : index === finished ? 'in_progress' : 'pending';
        return { content, priority: 'medium', status };
      });
      return send({ sessionUpdate: 'plan', entries });
    },

    /** Shows `work` as a tool call with what it brings. */
    async tool<Result>(
      call: { title: string; kind: ToolKind; paths?: readonly string[] },
      work: () => Promise<{ result: Result; content: ToolCallContent[]; failed?: boolean }>,
    ): Promise<Result> {
      calls += 1;
      const toolCallId = `call-${calls}`;
      const locations = (call.paths ?? []).map((path) => ({ path }));
      const { title, kind } = call;
      await send({ sessionUpdate: 'tool_call', toolCallId, title, kind, status: 'in_progress', locations });
      const { result, content, failed } = await work();
      await send({
        sessionUpdate: 'tool_call_update',
        toolCallId,
        status: failed ? 'failed' : 'completed',
        content,
      });
      return result;
    },

    /** Reports how much has been read so far. It costs nothing. */
    usage(readChars: number) {
      chars += readChars;
      const used = Math.ceil(chars / CHARS_PER_TOKEN);
      return send({
        sessionUpdate: 'usage_update',
        used,
        size: CONTEXT_SIZE,
        cost: { amount: 0, currency: 'USD' },
      });
    },
  };
}

export type Teller = ReturnType<typeof createTeller>;
