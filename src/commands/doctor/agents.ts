// The doctor's look at agents: which are installed and logged in, and which one takes a job that names none.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import which from 'which';
import { chooseAgent, listAgents } from '../../agent/registry.ts';
import type { AgentSpec } from '../../agent/spec.ts';
import type { AgentConfig } from '../../config/agent.ts';
import { PermanentError } from '../../errors.ts';
import type { Finding } from './check.ts';

type Choice = { spec: AgentSpec } | { code: string; say: string };

/** First the default, which must work; then every known agent, of which none is a must. */
export async function checkAgents(config: AgentConfig): Promise<readonly Finding[]> {
  const known = listAgents().map((spec) => describeAgent(spec, choose(spec.name, config)));
  return [describeDefault(choose(config.agent, config)), ...known];
}

function choose(wanted: string | undefined, { environment, customKeys }: AgentConfig): Choice {
  const { PATH } = environment;
  try {
    const spec = chooseAgent({
      wanted,
      find: (binary) => which.sync(binary, { nothrow: true, ...(PATH ? { path: PATH } : {}) }) ?? undefined,
      env: environment,
      customKeys,
      hasFile: (path) => existsSync(path.replace(/^~(?=\/)/, homedir())),
    });
    return { spec };
  } catch (thrown) {
    if (thrown instanceof PermanentError) return { code: thrown.code, say: thrown.message };
    throw thrown;
  }
}

function describeDefault(choice: Choice): Finding {
  if ('spec' in choice) return { ok: true, say: `Jobs that name no agent go to ${choice.spec.title}.` };
  const say = choice.say.replace(', then retry the job', '');
  const end = say.indexOf('. ');
  return end < 0 ? { ok: false, say } : { ok: false, say: say.slice(0, end + 1), mend: say.slice(end + 2) };
}

function describeAgent(spec: AgentSpec, choice: Choice): Finding {
  const name = `${spec.name} (${spec.title}${spec.proven ? '' : '; not proven by our tests yet'})`;
  if ('spec' in choice) return { ok: true, say: `${name}: ${choice.spec.command.join(' ')}.` };
  if (choice.code === 'agent_missing') {
    return { ok: true, idle: true, say: `${name} is not installed: ${spec.install}` };
  }
  const key = spec.keys.length > 0 ? `Set ${spec.keys.join(' or ')}` : undefined;
  const mend = [key, spec.login?.how].filter((way) => way !== undefined).join(', or ');
  return { ok: true, idle: true, say: `${name} is installed but has no key.`, mend: `${mend}.` };
}
