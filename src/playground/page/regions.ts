// Everything the page shows to one viewer, as lists of keyed pieces: the browser replaces only those that differ, so that
// nobody loses what they type or where they are.

import type { LocalGitHub } from '../github/server.ts';
import { drawBlocks } from './blocks.ts';
import { drawCoach } from './coach.ts';
import type { Broken } from './faults.ts';
import { drawCommits, drawIssues, drawOverview, drawPulls } from './github-lists.ts';
import { drawCommit, drawIssue, drawPull } from './github-threads.ts';
import { html, type Item, item } from './markup.ts';
import { type Desk, drawChannel, drawThread, formOf } from './messages.ts';
import { drawModal } from './modal.ts';
import type { Place } from './place.ts';
import { drawBell, drawChannels, drawPeople, type Seen } from './sidebar.ts';

export type Scene = Desk &
  Readonly<{
    github: LocalGitHub;
    /** `owner/name`. */
    repo: string;
    /** The channel a newcomer sees. */
    channel: string;
    broken: Broken;
    seen: Seen;
  }>;

export type Regions = Readonly<Record<string, readonly Item[]>>;

/** All regions of the page for a viewer. */
export async function drawRegions(scene: Scene, place: Place): Promise<Regions> {
  scene.seen.look(place);
  const isHome = place.channelId === undefined;
  return {
    people: [item('people', drawPeople(scene, place))],
    channels: [item('channels', drawChannels(scene, place))],
    bell: drawBell(scene, place),
    channel: isHome ? drawHome(scene, place) : drawChannel(scene, place),
    thread: drawThread(scene, place),
    coach: isHome ? [] : [item('coach', drawCoach(scene, place))],
    modal: drawModal(scene, place),
    github: await drawGitHub(scene, place),
    faults: [item('faults', scene.broken.draw())],
    'fault-count':
      scene.broken.count() === 0 ? [] : [item('count', html`<b class="count">${scene.broken.count()}</b>`)],
  };
}

function drawHome(scene: Scene, place: Place): readonly Item[] {
  const view = scene.slack.home(place.userId);
  if (view === undefined)
    return [item('home', html`<p class="empty">The app has not drawn its home yet.</p>`)];
  return [
    item(
      'home',
      html`<div class="blocks home" data-home>${drawBlocks(view.content.blocks, scene.names, { ...formOf(scene), state: view.filled })}</div>`,
    ),
  ];
}

async function drawGitHub(scene: Scene, { github: view }: Place): Promise<readonly Item[]> {
  const { github, repo, names } = scene;
  const repository = github.repository(repo);
  const [kind, id = ''] = view.split('/');
  switch (kind) {
    case 'issues':
      return drawIssues(repository);
    case 'pulls':
      return drawPulls(repository);
    case 'commits':
      return drawCommits(repository);
    case 'issue':
      return drawIssue(repository, Number(id), names);
    case 'pull':
      return drawPull(repository, Number(id), names);
    case 'commit':
      return drawCommit(repository, id, names);
    default:
      return drawOverview(github, repo);
  }
}
