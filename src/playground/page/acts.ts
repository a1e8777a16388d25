// What a person at the page can do, read from a request and done by the people of the local Slack and GitHub, over the very
// roads that a person's own client would take.
import { z } from 'zod';
import { PersonCannot, SlackFailure } from '../slack/failure.ts';
import { pushTo } from './faults.ts';
import type { Scene } from './regions.ts';

const id = z.string().min(1).max(255);
const ts = z.string().max(40);
const spot = z.union([
  z.object({ channel: id, ts }).strict(),
  z.object({ viewId: id }).strict(),
  z.object({ home: z.literal(true) }).strict(),
]);
const given = z.union([z.string().max(4000), z.array(z.string().max(4000)).max(100)]);
const words = z.string().max(20_000);

const actSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('say'), channel: id, thread: ts, text: z.string().min(1).max(12_000) }),
  z.object({ do: z.literal('click'), action: id, value: given.optional(), spot }),
  z.object({ do: z.literal('suggest'), action: id, query: z.string().max(200), spot }),
  z.object({ do: z.literal('submit'), view: id, values: z.record(id, given) }),
  z.object({ do: z.literal('close'), view: id }),
  z.object({ do: z.literal('shortcut'), channel: id, ts, shortcut: id }),
  z.object({ do: z.literal('home') }),
  z.object({ do: z.literal('fault'), name: id }),
  z.object({ do: z.literal('issue'), title: z.string().trim().min(1).max(250), body: words }),
  z.object({
    do: z.literal('comment'),
    number: z.int().positive(),
    body: z.string().trim().min(1).max(20_000),
  }),
  z.object({
    do: z.literal('hand'),
    hand: z.enum(['approve', 'changes', 'push']),
    number: z.int().positive(),
  }),
]);
type Act = z.infer<typeof actSchema>;

/** `say` is a sentence for the person where it did not work; `options` the answers of a search. */
export type Outcome = Readonly<{
  say?: string | undefined;
  options?: readonly Readonly<{ text: string; value: string }>[];
  thread?: string;
}>;

/** The people of GitHub whom the page plays. */
const REVIEWER = 'mira';

/** Does it as this person. What people cannot do (a button that is gone, an empty field) is said, never thrown. */
export async function act(scene: Scene, userId: string, body: unknown): Promise<Outcome> {
  const parsed = actSchema.safeParse(body);
  if (!parsed.success) return { say: 'The page sent something that nobody can do. Reload it and try again.' };
  try {
    return await perform(scene, userId, parsed.data);
  } catch (thrown) {
    if (thrown instanceof PersonCannot && thrown.message.startsWith('Please complete'))
      return { say: 'Please complete what is not marked as optional.' };
    if (thrown instanceof PersonCannot || thrown instanceof SlackFailure || thrown instanceof Error)
      return { say: `That did not work: ${thrown.message}` };
    throw thrown;
  }
}

async function perform(scene: Scene, user: string, asked: Act): Promise<Outcome> {
  const { slack } = scene;
  switch (asked.do) {
    case 'say':
      return say(scene, user, asked);
    case 'click': {
      const value = asked.value === undefined ? {} : { value: asked.value };
      return told(await slack.click({ user, actionId: asked.action, ...value, ...asked.spot }));
    }
    case 'suggest': {
      const found = await slack.suggest({ user, actionId: asked.action, query: asked.query, ...asked.spot });
      return { options: found.map(({ text, value = text.text }) => ({ text: text.text, value })) };
    }
    case 'submit':
      return told(await slack.submitView({ user, viewId: asked.view, values: asked.values }));
    case 'close':
      await slack.closeView({ user, viewId: asked.view });
      return {};
    case 'shortcut':
      return told(
        await slack.messageShortcut({
          user,
          channel: asked.channel,
          ts: asked.ts,
          callbackId: asked.shortcut,
        }),
      );
    case 'home':
      await slack.openHome(user);
      return {};
    case 'fault':
      return { say: await scene.broken.toggle(asked.name) };
    default:
      return atGitHub(scene, asked);
  }
}

/** A line that opens with `/` is a command, everything else is said. */
async function say({ slack }: Scene, user: string, asked: Extract<Act, { do: 'say' }>): Promise<Outcome> {
  const { channel, thread, text } = asked;
  const threadTs = thread === '' ? {} : { threadTs: thread };
  const [command = '', ...rest] = text.trim().split(' ');
  if (/^\/\w/.test(command)) {
    // Why it failed Slackbot says in the channel, as it does in Slack.
    await slack.slashCommand({ user, channel, command, text: rest.join(' '), ...threadTs });
    return {};
  }
  slack.post({ user, channel, text, ...threadTs });
  return {};
}

function told({ error }: Readonly<{ error?: string }>): Outcome {
  switch (error) {
    case undefined:
    case 'turned_back':
      return {};
    case 'operation_timeout':
      return { say: 'The app did not answer in time. Try again in a moment.' };
    case 'dispatch_failed':
      return { say: 'The app is not connected right now. Try again in a moment.' };
    default:
      return { say: `The app gave an answer that Slack does not understand: ${error}` };
  }
}

async function atGitHub(
  { github, repo }: Scene,
  asked: Extract<Act, { do: 'issue' | 'comment' | 'hand' }>,
): Promise<Outcome> {
  switch (asked.do) {
    case 'issue':
      github.addIssue({ repo, title: asked.title, body: asked.body, author: REVIEWER });
      return {};
    case 'comment':
      github.setCollaborator(repo, REVIEWER, 'write');
      github.comment(repo, asked.number, { author: REVIEWER, body: asked.body });
      return {};
    case 'hand':
      if (asked.hand === 'push') return { say: await pushTo(github, repo, asked.number) };
      github.review(repo, asked.number, {
        author: REVIEWER,
        state: asked.hand === 'approve' ? 'APPROVED' : 'CHANGES_REQUESTED',
        body: asked.hand === 'approve' ? '' : 'Please also mention it in README.md.',
      });
      return {};
  }
}
