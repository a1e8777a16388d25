// Who may do what, as a refusal that a person can read: it says why, and whom to ask. The rule itself is job/permissions.ts;
// GitHub's own rules always stand above it. Pure.
import { type Refusal, refuse } from '../errors.ts';
import { jobName } from '../job/job.ts';
import { type Case, type Denial, deny, type PeopleList } from '../job/permissions.ts';
import { formatRepo, type Repo } from '../job/repo.ts';

/** What is asked about: the job, or what will be one. */
export type Matter = Readonly<{ id?: number; repo?: Repo }>;

/** Undefined when the person may. */
export function mayNot(asked: Case & Readonly<{ matter: Matter }>): Refusal | undefined {
  const denial = deny(asked);
  return denial && explain(denial, asked);
}

function explain(denial: Denial, asked: Case & Readonly<{ matter: Matter }>): Refusal {
  switch (denial.why) {
    case 'guest':
      return refuse(
        'guest',
        'I only listen to full members of this workspace. Ask a colleague to do it for you.',
      );
    case 'stranger':
      return refuse(
        'stranger',
        'I only listen to people of my own workspace. Ask somebody there to do it for you.',
      );
    case 'not_in_channel':
      return refuse(
        'outside_channel',
        `${name(asked.matter)} belongs to <#${asked.target.channel}>, and you are not in there. Join it, or ask somebody who is.`,
      );
    case 'no_admins':
      return refuse(
        'no_admins',
        'Only admins link people to GitHub logins, and I have none yet. Ask whoever runs me to set `ERRAND_ADMINS` to their Slack ids.',
      );
    case 'old_rules':
      return refuse(
        'old_rules',
        `GitHub has not answered for a while, so I cannot tell who may ${DOING[asked.ask]} now. Say it again in a few minutes.`,
      );
    case 'not_listed':
      return refuse(
        'not_listed',
        `Only ${listPeople(denial.who)} may ${DOING[asked.ask]}${where(denial, asked)}. Ask one of them.`,
      );
    case 'not_approver': {
      const named = denial.who.length > 0;
      return refuse(
        'not_yours',
        `Only <@${asked.target.requester}>${named ? ' or a named approver' : ''} can decide on ${name(asked.matter)}${named ? `: ask ${listPeople(denial.who)}` : ''}. Reply in the thread to tell the agent what you would change.`,
      );
    }
    case 'four_eyes':
      return refuse(
        'four_eyes',
        `You asked for ${name(asked.matter)}, so somebody else must approve it. ${
          denial.who.length > 0
            ? `Ask ${listPeople(denial.who)}.`
            : 'Nobody is named yet: ask whoever runs me to set `ERRAND_APPROVERS`, or name somebody under `permissions.approve` in `.agents/config.yml`.'
        }`,
      );
    case 'no_write':
    case 'other_account':
    case 'not_linked':
      return explainAccount(denial, asked);
    case 'broken_settings':
      return refuse(
        'broken_settings',
        `The repository's settings cannot be read (${denial.mistake}), so nobody knows who may ${DOING[asked.ask]}. Mend the file${denial.who.length > 0 ? `, or ask ${listPeople(denial.who)}` : ' first'}.`,
      );
  }
}

type AccountDenial = Extract<Denial, { why: 'no_write' | 'other_account' | 'not_linked' }>;

function explainAccount(
  denial: AccountDenial,
  asked: Pick<Case, 'person'> & Readonly<{ matter: Matter }>,
): Refusal {
  switch (denial.why) {
    case 'no_write':
      return refuse(
        'no_write_access',
        `You are \`${denial.login}\` at GitHub, and GitHub lets that account only read ${asked.matter.repo ? `\`${formatRepo(asked.matter.repo)}\`` : 'the repository'}. Ask for write access there, or let somebody approve who has it.`,
      );
    case 'other_account':
      return refuse(
        'other_account',
        `You were linked to \`${denial.login}\`, and at GitHub that name is no longer the same account. Ask an admin to link you to the one you have now: \`/agent link <@${asked.person}> LOGIN\`.`,
      );
    case 'not_linked':
      return refuse(
        'not_linked',
        `Only people who are linked to a GitHub account approve here. ${
          denial.who.length > 0
            ? `Ask ${listPeople(denial.who)}`
            : 'Ask whoever runs me to set `ERRAND_ADMINS`, and one of them'
        } to say \`/agent link <@${asked.person}> LOGIN\`, with your login at GitHub.`,
      );
  }
}

const DOING: Record<Case['ask'], string> = {
  start: 'start jobs',
  steer: 'steer',
  stop: 'stop jobs',
  retry: 'retry jobs',
  approve: 'approve',
  reject: 'reject',
  configure: 'set that up',
  link: 'link people to GitHub logins',
};

function name({ id }: Matter): string {
  return id === undefined ? 'This' : jobName({ id });
}

function where(denial: Extract<Denial, { why: 'not_listed' }>, { matter }: { matter: Matter }): string {
  return denial.from === 'repository' && matter.repo ? ` in \`${formatRepo(matter.repo)}\`` : '';
}

/** More names than this help nobody. */
const MOST_NAMES = 5;

/** As Slack shows them; nobody is notified by words to one person. */
function listPeople(list: PeopleList): string {
  if (list.length === 0) return 'nobody';
  const shown = list.slice(0, MOST_NAMES).map((id) => {
    if (id === 'members') return 'members of this channel';
    if (id.startsWith('S')) return `<!subteam^${id}>`;
    return /^[CG]/.test(id) ? `people in <#${id}>` : `<@${id}>`;
  });
  const rest = list.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
