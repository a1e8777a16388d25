// What went wrong with an agent, in sentences a person can act on. Pure.
import { RequestError } from '@agentclientprotocol/sdk';
import { PermanentError, toError } from '../errors.ts';
import type { Exit } from './process.ts';
import { agentLogin, agentMissing } from './registry.ts';
import type { AgentSpec } from './spec.ts';

/** JSON-RPC code of ACP's "authentication required". */
const AUTH_REQUIRED = -32_000;
const WORDS_CHARS = 600;

/** The process ended while it was still needed. */
export function agentExited(spec: AgentSpec, exit: Exit): PermanentError {
  if (exit.missing) return agentMissing(spec);
  const how = exit.signal
    ? `was killed by ${exit.signal}`
    : `stopped by itself with exit code ${exit.code ?? 'unknown'}`;
  return new PermanentError(
    'agent_exited',
    `${spec.title} ${how}.${lastWords(exit.stderrTail)} Retry the job to start it again.`,
  );
}

/** It did not get ready in time. */
export function agentStartTimeout(spec: AgentSpec, waitedMs: number): PermanentError {
  const seconds = Math.round(waitedMs / 1000);
  return new PermanentError(
    'agent_start_timeout',
    `${spec.title} did not get ready within ${seconds} s. Try \`${spec.command.join(' ')}\` on the ` +
      'runner by hand, then retry the job.',
  );
}

/** What it sends is not the Agent Client Protocol. */
export function agentProtocol(spec: AgentSpec, detail: string, cause?: unknown): PermanentError {
  return new PermanentError(
    'agent_protocol',
    `\`${spec.command.join(' ')}\` does not speak the Agent Client Protocol as expected: ${detail}. Check the command ` +
      'and its version, then retry the job.',
    { cause },
  );
}

/** The agent answered a request with an error. */
export function agentError(spec: AgentSpec, thrown: unknown): PermanentError {
  if (thrown instanceof PermanentError) return thrown;
  if (thrown instanceof RequestError && thrown.code === AUTH_REQUIRED) return agentLogin(spec);
  const said = thrown instanceof RequestError ? describeRequestError(thrown) : toError(thrown).message;
  return new PermanentError(
    'agent_error',
    `${spec.title} reported an error: ${bound(said)} Retry the job when that is mended.`,
    {
      cause: thrown,
    },
  );
}

/** JSON-RPC hides the useful sentence in `data.details` or `data.message`. */
function describeRequestError(error: RequestError): string {
  const data = error.data;
  if (typeof data === 'string') return sentence(`${error.message}: ${data}`);
  if (typeof data !== 'object' || data === null) return sentence(error.message);
  const details = Object.entries(data).flatMap(([key, value]) =>
    ['details', 'message', 'error'].includes(key) && typeof value === 'string' ? [value] : [],
  );
  return sentence([error.message, ...details].join(': '));
}

function lastWords(lines: readonly string[]): string {
  const text = lines.slice(-5).join(' / ').trim();
  return text === '' ? '' : ` It said last: ${sentence(`“${bound(text)}”`)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function bound(text: string): string {
  return text.length <= WORDS_CHARS ? text : `…${text.slice(-WORDS_CHARS)}`;
}
