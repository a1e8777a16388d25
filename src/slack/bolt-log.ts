// Bolt and Slack's SDK log through ours; their chatter is debug, and what they print of payloads stays out.
import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../log.ts';

/** Their debug lines hold whole payloads with tokens, so they are never asked for. */
export function createBoltLogger(log: Log): Logger {
  const child = log.child({ from: 'bolt' });
  const write = (level: 'debug' | 'warn', words: readonly unknown[]) =>
    child[level]({ detail: words.map(String).join(' ') }, 'slack.sdk');
  return {
    debug: () => {},
    info: (...words: unknown[]) => write('debug', words),
    warn: (...words: unknown[]) => write('warn', words),
    error: (...words: unknown[]) => write('warn', words),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}
