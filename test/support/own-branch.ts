// A base branch and a channel of its own for a story of what stands in a repository: told again, it finds nothing of its
// first telling.
import type { Errand } from './errand.ts';
import type { JobThread } from './job-thread.ts';

/** Commits the files to a new branch; `asks` starts a script on it, and `commits` changes it later. */
export async function ownBranch(
  errand: Errand,
  story: string,
  files: Readonly<Record<string, string | null>>,
) {
  const { github, slack, repo } = errand;
  const base = `${story}-${crypto.randomUUID().slice(0, 6)}`;
  const commits = (changed: typeof files) => github.commitTo(repo, base, changed, { message: 'Set it up' });
  await commits(files);
  const channel = slack.addChannel({ name: base, members: [errand.ann, errand.bob] }).id;
  return {
    base,
    commits,
    asks: (script: readonly string[], options = ''): Promise<JobThread> =>
      errand.asksScript(script, { channel, options: `base=${base} repo=${repo} ${options}`.trim() }),
    /** Somebody asks for a task in words. */
    asksFor: (task: string): Promise<JobThread> =>
      errand.asks(`/agent do base=${base} repo=${repo} ${task}`, { channel }),
    /** The text of a file on the branch as it is now. */
    read: (path: string) => github.readFile(repo, base, path),
  };
}

/** What the job's agent was told, each prompt in turn. */
export async function promptsOf(errand: Errand, job: JobThread): Promise<readonly string[]> {
  const events = await errand.eventsInside(job);
  return events.flatMap(({ kind, data }) => (kind === 'prompt' ? [String(data['text'])] : []));
}

/** What Errand ran of its own: `change: tests passed`. */
export async function runsOf(errand: Errand, job: JobThread): Promise<readonly string[]> {
  return (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
    kind === 'note' && data['name'] === 'checked'
      ? [`${data['on']}: ${data['check']} ${data['outcome']}`]
      : [],
  );
}
