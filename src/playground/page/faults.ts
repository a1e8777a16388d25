// What can be broken, and what to expect then. Each is a real fault of the local Slack or GitHub, or of the runner's process.
import type { LocalGitHub } from '../github/server.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Html, html, join } from './markup.ts';

/** The headings of the panel, in this order. */
const PLACES = ['Slack', 'GitHub', 'Runner'] as const;
type Placed = Readonly<{ at: (typeof PLACES)[number] }>;
type Fault = Placed &
  Readonly<{
    name: string;
    label: string;
    /** What to expect while it lasts. */
    say: string;
    set(isOn: boolean): unknown;
  }>;
type Deed = Placed & Readonly<{ name: string; label: string; say: string; run(): unknown }>;

export type Broken = ReturnType<typeof createFaultPanel>;

/** One post every few seconds is what Slack's special limit feels like. */
const POST_LIMIT = { posts: 1, perMs: 5_000 };
const CHECK = 'ci';

/** Creates the panel, nothing broken. `killRunner` ends the runner's process and starts another. */
export function createFaultPanel(options: {
  slack: LocalSlack;
  github: LocalGitHub;
  repo: string;
  killRunner: () => Promise<void>;
  changed: () => void;
}) {
  const { slack, github, repo } = options;
  const on = new Set<string>();
  const branch = () => github.repository(repo).defaultBranch;
  const openPulls = () => github.pulls(repo).filter(({ state }) => state === 'open');
  const setChecks = (conclusion: 'failure' | 'success') => {
    for (const { head } of openPulls()) {
      const known = github
        .repository(repo)
        .checks.findLast(({ sha, name }) => sha === head.sha && name === CHECK);
      if (known?.conclusion === conclusion || (known === undefined && conclusion === 'success')) continue;
      github.setCheck(repo, head.sha, {
        name: CHECK,
        status: 'completed',
        conclusion,
        ...(conclusion === 'failure'
          ? { title: 'Red on purpose', log: 'The playground turned this check red.' }
          : {}),
      });
    }
  };
  // Whatever is pushed while the switch is on becomes red as well.
  const stopWatching = github.onChange(() => {
    if (on.has('red')) setChecks('failure');
  });

  const faults: readonly Fault[] = [
    {
      at: 'Slack',
      name: 'slack-down',
      label: 'Slack is down',
      say: 'Commands fail and cards stand still. The agent works on; all is told once Slack is back.',
      set: (isOn) => slack.down(isOn),
    },
    {
      at: 'Slack',
      name: 'slack-slow',
      label: 'Slack limits posts',
      say: 'New messages come late, none is lost and none twice.',
      set: (isOn) => slack.limitPosts(isOn ? POST_LIMIT : undefined),
    },
    {
      at: 'Slack',
      name: 'slack-twice',
      label: 'Slack delivers everything twice',
      say: 'Every command, click and reply arrives twice and counts once.',
      set: (isOn) => slack.doubleAll(isOn),
    },
    {
      at: 'GitHub',
      name: 'github-down',
      label: 'GitHub is down',
      say: 'Jobs wait and say so; they go on by themselves when it is back.',
      set: (isOn) => github.down(isOn),
    },
    {
      at: 'GitHub',
      name: 'hooks-lost',
      label: 'Webhooks get lost',
      say: 'What happens at GitHub is noticed by the next look, seconds later instead of at once.',
      set: (isOn) => github.webhooks.set(isOn ? { lost: () => true } : {}),
    },
    {
      at: 'GitHub',
      name: 'review',
      label: 'A review is required',
      say: 'Approving in Slack is not enough: the thread says what is missing. Then approve as mira on the pull’s page.',
      set: (isOn) => github.setBranchProtection(repo, branch(), isOn ? { requiredApprovals: 1 } : undefined),
    },
    {
      at: 'GitHub',
      name: 'red',
      label: 'Checks are red',
      say: 'The agent hears why and tries to mend it, twice at most. Approving asks once more.',
      set: (isOn) => setChecks(isOn ? 'failure' : 'success'),
    },
  ];
  const deeds: readonly Deed[] = [
    {
      at: 'GitHub',
      name: 'push',
      label: 'Somebody pushes to the branch',
      say: 'The newest open pull changes under you: what you approve is only what you saw.',
      run: () => pushTo(github, repo),
    },
    {
      at: 'Runner',
      name: 'kill',
      label: 'Kill the runner',
      say: 'Its process is killed in the middle of the work. A new one starts and goes on within seconds.',
      run: options.killRunner,
    },
  ];

  return {
    /** Turns a fault on or off, or does a deed; answers what to tell the person where it could not be done. */
    async toggle(name: string): Promise<string | undefined> {
      const deed = deeds.find((one) => one.name === name);
      if (deed) {
        const said: unknown = await deed.run();
        options.changed();
        return typeof said === 'string' ? said : undefined;
      }
      const fault = faults.find((one) => one.name === name);
      if (fault === undefined) return `There is no fault ${name}.`;
      const isOn = !on.has(name);
      if (isOn) on.add(name);
      else on.delete(name);
      await fault.set(isOn);
      options.changed();
      return undefined;
    },
    draw(): Html {
      const drawPlace = (place: Placed['at']) => {
        const switches = faults
          .filter(({ at }) => at === place)
          .map((fault) => drawSwitch(fault, on.has(fault.name)));
        const pushes = deeds.filter(({ at }) => at === place).map(drawDeed);
        return html`<h3>${place}</h3>${join(switches)}${join(pushes)}`;
      };
      return html`${join(PLACES.map(drawPlace))}`;
    },
    /** What is broken now, for the button that opens the panel. */
    count: () => on.size,
    stop: stopWatching,
  };
}

/** A person's commit on the newest open pull; says so where there is none. */
export async function pushTo(
  github: LocalGitHub,
  repo: string,
  number?: number,
): Promise<string | undefined> {
  const pull = github
    .pulls(repo)
    .findLast((one) => one.state === 'open' && (number ?? one.number) === one.number);
  if (pull === undefined) return 'No pull is open. Start something first, then push to its branch.';
  const text = `Pushed by hand at ${new Date().toISOString()}.\n`;
  await github.commitTo(
    repo,
    pull.head.ref,
    { 'NOTES.md': text },
    { message: 'Add a note by hand', author: 'mira' },
  );
  return undefined;
}

function drawSwitch({ name, label, say }: Fault, isOn: boolean): Html {
  return html`<div class="fault"><button type="button" role="switch" aria-checked="${String(isOn)}" data-fault="${name}">${label}</button><p>${say}</p></div>`;
}

function drawDeed({ name, label, say }: Deed): Html {
  return html`<div class="fault"><button type="button" class="deed" data-fault="${name}">${label}</button><p>${say}</p></div>`;
}
