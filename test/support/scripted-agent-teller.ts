// How the scripted agent speaks: ACP session updates, nothing else.
import type { AgentContext, SessionUpdate, ToolCallContent, ToolKind } from '@agentclientprotocol/sdk';

export function createTeller(client: AgentContext, sessionId: string) {
  let tools = 0;
  const send = (update: SessionUpdate) => client.notify('session/update', { sessionId, update });
  const chunk = (sessionUpdate: 'agent_message_chunk' | 'agent_thought_chunk', text: string) =>
    send({ sessionUpdate, content: { type: 'text', text } });

  return {
    say: (text: string) => chunk('agent_message_chunk', text),
    think: (text: string) => chunk('agent_thought_chunk', text),
    usage: (used: number, size: number, amount: number) =>
      send({ sessionUpdate: 'usage_update', used, size, cost: { amount, currency: 'USD' } }),
    async plan(steps: readonly string[], status: 'pending' | 'completed') {
      if (steps.length === 0) return;
      const entries = steps.map((content) => ({ content, priority: 'medium' as const, status }));
      await send({ sessionUpdate: 'plan', entries });
    },
    /** Shows `work` as a tool call; what it returns is shown as the result. */
    async tool<Result>(
      call: { title: string; kind: ToolKind; path?: string; rawInput?: unknown },
      work: () => Promise<{ result: Result; content: ToolCallContent[]; failed?: boolean }>,
    ): Promise<Result> {
      tools += 1;
      const toolCallId = `call-${tools}`;
      const { title, kind, path, rawInput } = call;
      const locations = path === undefined ? [] : [{ path }];
      await send({
        sessionUpdate: 'tool_call',
        toolCallId,
        title,
        kind,
        status: 'in_progress',
        locations,
        rawInput,
      });
      const { result, content, failed } = await work();
      await send({
        sessionUpdate: 'tool_call_update',
        toolCallId,
        status: failed ? 'failed' : 'completed',
        content,
      });
      return result;
    },
  };
}
