// Draws docs/thread.svg. `node docs/draw-thread.ts` plays the demo, writes down what stood in its first thread
// (docs/thread.json) and draws that; with --again it only draws the last recording anew.
import { readFile, writeFile } from 'node:fs/promises';
import { setStage } from '../src/commands/demo.ts';
import { readEnvironment } from '../src/config.ts';
import { playStory } from '../src/playground/story.ts';
import type { World } from '../src/playground/world.ts';
import { drawThread, type Recording, recordingSchema } from './thread-picture.ts';

const RECORDING = new URL('thread.json', import.meta.url);
const PICTURE = new URL('thread.svg', import.meta.url);
const TYPED = '/agent fix #1';

async function record(): Promise<Recording> {
  const stage = await setStage(readEnvironment(), undefined);
  if (stage === undefined) throw new Error('The demo does not start here: run `npm run demo` to see why.');
  try {
    const parts = await playStory(stage.world, {
      tell: () => {},
      patience: { resultMs: 90_000, settleMs: 30_000 },
    });
    const threadTs = parts[0]?.threadTs ?? '';
    return writeDown(stage.world, threadTs, parts[0]?.ms.card ?? 0);
  } finally {
    await stage.stop();
  }
}

/** The card as it stood while the agent worked, the rest as it stood when Ann decided. `cardMs` is the card's own delay. */
function writeDown({ slack, channel, people }: World, threadTs: string, cardMs: number): Recording {
  const messages = slack.thread(channel, threadTs);
  const startedAt = (messages[0]?.history[0]?.at.getTime() ?? 0) - cardMs;
  const posts = messages.map(({ history, isByBot, reactions }) => {
    const shown = history.findLast(({ blocks }) =>
      /:hammer_and_wrench: Working|"Approve/.test(JSON.stringify(blocks)),
    );
    const { text = '', blocks = [] } = shown ?? history.at(-1) ?? {};
    return {
      by: isByBot ? 'errand' : 'ann',
      isByBot,
      afterMs: (history[0]?.at.getTime() ?? 0) - startedAt,
      text,
      // What people write is plain text here; Slack's editor makes it rich.
      blocks: isByBot ? blocks : [],
      reactions: reactions.map(({ name }) => name),
    };
  });
  const last = messages.at(-1);
  const end = last?.history.at(-1);
  const words = end?.blocks.flatMap((block) =>
    block.type === 'section' && block.text ? [block.text.text] : [],
  );
  return recordingSchema.parse({
    typed: TYPED,
    names: { [people.ann]: 'ann' },
    posts,
    ended: {
      pressed: 'Approve & merge',
      afterMs: (end?.at.getTime() ?? 0) - startedAt,
      text: words?.at(-1) ?? '',
    },
  });
}

const again = process.argv.includes('--again');
const recording = again
  ? recordingSchema.parse(JSON.parse(await readFile(RECORDING, 'utf8')))
  : await record();
if (!again) await writeFile(RECORDING, `${JSON.stringify(recording, undefined, 2)}\n`);
await writeFile(PICTURE, drawThread(recording));
