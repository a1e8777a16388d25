// A repository and a channel of its own for each story of a shared world: stories that run side by side must not take each
// other's cards for theirs, and a story that is told again must not find what its first telling left behind.
import type { Errand } from './errand.ts';

let count = 0;

/** Adds a copy of the world's repository, and a channel with Ann and Bob. Names are never given twice. */
export async function ownRepository(errand: Errand, story: string) {
  count += 1;
  const name = `${story}-${count}`;
  await errand.github.addRepository({ owner: 'acme', name, copyOf: errand.repo });
  const channel = errand.slack.addChannel({ name, members: [errand.ann, errand.bob] }).id;
  return { name, repo: `acme/${name}`, channel };
}

/** The one pull of a repository. `pull` looks anew each time. */
export function onlyPull({ github }: Errand, repo: string) {
  const [found] = github.pulls(repo);
  if (found === undefined) throw new Error('There is no pull.');
  const { number, head } = found;
  return { number, branch: head.ref, pull: () => github.pull(repo, number) };
}

/** A job whose pull waits for a decision, in a repository and a channel of its own. */
export async function inReview(errand: Errand, story: string) {
  const { repo, channel } = await ownRepository(errand, story);
  const job = await errand.asksScript(['write hello.txt <<hello'], { channel, options: `repo=${repo}` });
  const result = await job.result();
  return { job, result, repo, ...onlyPull(errand, repo) };
}
