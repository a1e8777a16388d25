// What is said in the thread about words that no agent got: why, and what their author can do next. Pure. People are called
// by name, not by mention: the thread tells them, and one message a turn is enough that rings a bell.
import { type Job, jobName, type Status } from './job.ts';
import type { Denial } from './permissions.ts';
import { plainText } from './plain.ts';
import { formatRepo } from './repo.ts';
import { NEXT_JOB } from './transition.ts';

type Author = Readonly<{ author: string; authorName?: string | undefined }>;

/** More names than this help nobody. */
const MOST_NAMES = 5;

/** For words whose author may not steer by the rules as they are now. */
export function refusedWords(job: Pick<Job, 'repo'>, by: Author, denial: Denial): string {
  return `${nameOf(by)}: the agent did not get your words. ${whyRefused(job, denial)}`;
}

function whyRefused({ repo }: Pick<Job, 'repo'>, denial: Denial): string {
  switch (denial.why) {
    case 'guest':
    case 'stranger':
      return 'I only listen to full members of this workspace. Ask a colleague to say it for you.';
    case 'broken_settings':
      return `The settings of \`${formatRepo(repo)}\` cannot be read (${plainText(denial.mistake)}), so nobody knows who may steer. Mend the file, then say it again.`;
    default:
      return `By the rules as they are now you may not steer jobs in \`${formatRepo(repo)}\`. Ask somebody who may to say it, or say it again once the list names you.`;
  }
}

const ENDS: Partial<Record<Status, string>> = { cancelled: 'stopped' };

/** For words that no agent had when the job was over for good. */
export function lateWords(job: Pick<Job, 'id' | 'status'>, authors: readonly Author[]): string {
  const names = [...new Set(authors.map(nameOf))];
  const shown = names.slice(0, MOST_NAMES);
  const who = [...shown, ...(names.length > shown.length ? ['others'] : [])].join(', ');
  return `${who}: ${jobName(job)} was ${ENDS[job.status] ?? job.status} before your words reached the agent. ${NEXT_JOB}`;
}

/** Who has no name is mentioned: somebody has to be meant. */
function nameOf({ author, authorName }: Author): string {
  const name = plainText(authorName ?? '');
  return name === '' ? `<@${author}>` : `*${name}*`;
}
