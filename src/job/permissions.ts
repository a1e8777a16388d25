// Who may do what. Pure: facts about a person, the rules of deployment and repository in; a reason to refuse, or nothing, out.
// Where both have a rule both must agree, so either can tighten and neither can widen. GitHub's own rules stand above all.

/** What a person may ask for. `configure`: a channel's repository, whose replies steer there. `link`: who is who at GitHub. */
export type Ask = 'start' | 'steer' | 'stop' | 'retry' | 'approve' | 'reject' | 'configure' | 'link';

/**
 * People by Slack user (`U…`, `W…`), user group (`S…`) or channel (`C…`, `G…`: whoever speaks there), or `members`. Each
 * means full members of the workspace only, and in the job's channel.
 */
export type PeopleList = readonly string[];

/** `guest`: invited into single channels. `stranger`: of another organisation, or deactivated. */
export type Standing = 'member' | 'guest' | 'stranger' | 'bot';

/** The deployment's settings. A list that is absent sets no rule. */
export type DeploymentRules = Readonly<{
  /** Besides who asked for the job; empty names nobody. */
  approvers: PeopleList;
  admins?: PeopleList | undefined;
  start?: PeopleList | undefined;
  steer?: PeopleList | undefined;
  /** True: who asked for a job cannot approve it. */
  fourEyes?: boolean | undefined;
  /** True: only people whom an admin linked to a GitHub account with write access approve. */
  requireLink?: boolean | undefined;
}>;

/** What `.agents/config.yml` says on the default branch, and on the base branch besides. */
export type RepositoryRules =
  | Readonly<{
      kind: 'known';
      start?: PeopleList | undefined;
      steer?: PeopleList | undefined;
      approve?: PeopleList | undefined;
      fourEyes?: boolean | undefined;
      /** GitHub did not answer, and these were read so long ago that they may have been tightened since. */
      isOld?: boolean | undefined;
      /** The base branch's own lists: who is on one of the others must be on these, too. */
      onBase?: Readonly<{
        start?: PeopleList | undefined;
        steer?: PeopleList | undefined;
        approve?: PeopleList | undefined;
      }>;
    }>
  /** GitHub did not answer and nobody read the file before. The runner judges again before anything takes effect. */
  | Readonly<{ kind: 'unknown' }>
  /** The file is there and cannot be read; `mistake` names its line. */
  | Readonly<{ kind: 'broken'; mistake: string }>;

/** A repository that says nothing. */
export const NO_RULES: RepositoryRules = { kind: 'known' };

/**
 * Which of the two branches a job starts from is up to whoever asks, so the base can tighten what the default branch says
 * and never widen it. What one of them does not answer the other one says alone.
 */
export function combineRules(ofDefault: RepositoryRules, ofBase: RepositoryRules): RepositoryRules {
  if (ofDefault.kind === 'broken' || ofBase.kind === 'unknown') return ofDefault;
  if (ofBase.kind === 'broken' || ofDefault.kind === 'unknown') return ofBase;
  const { start, steer, approve } = ofBase;
  const fourEyes = Boolean(ofDefault.fourEyes || ofBase.fourEyes);
  const isOld = Boolean(ofDefault.isOld || ofBase.isOld);
  return { ...ofDefault, fourEyes, isOld, onBase: { start, steer, approve } };
}

/** `isOther`: the name belongs to another account by now, or to none. */
export type AccountRights = Readonly<{ mayWrite: boolean | undefined; isOther?: true }>;

/** Who asks, as far as the rules look at people. */
export type Asker = Readonly<{
  standing: Standing;
  /** Those of the user groups named by the rules that the person is in. */
  groups: readonly string[];
  /** Whether the person is in the channel that the job lives in. */
  inChannel: boolean;
  /** Where an admin linked a GitHub account: whether GitHub lets it write; undefined while GitHub does not answer. */
  account?: (Readonly<{ login: string }> & AccountRights) | undefined;
}>;

/** The job that is asked about, or is to be. */
export type Target = Readonly<{ requester: string; channel: string }>;

export type Denial =
  | Readonly<{ why: 'guest' | 'stranger' | 'not_in_channel' | 'no_admins' | 'old_rules' }>
  /** `who` is the list that the person is not on; `from` where it stands. */
  | Readonly<{ why: 'not_listed'; who: PeopleList; from: 'deployment' | 'repository' }>
  /** Neither the requester nor named; `who` are the named ones. */
  | Readonly<{ why: 'not_approver'; who: PeopleList }>
  | Readonly<{ why: 'four_eyes'; who: PeopleList }>
  /** The linked account may not write to the repository. */
  | Readonly<{ why: 'no_write' | 'other_account'; login: string }>
  /** Nobody linked the person to an account; `who` can. */
  | Readonly<{ why: 'not_linked'; who: PeopleList }>
  | Readonly<{ why: 'broken_settings'; mistake: string; who: PeopleList }>;

/** Everything a judgement needs to know. `deployment` is absent where nobody stored it yet: then it sets no rule. */
export type Case = Readonly<{
  ask: Ask;
  /** Slack's id. */
  person: string;
  asker: Asker;
  target: Target;
  deployment: DeploymentRules | undefined;
  repository: RepositoryRules;
}>;

/** Undefined when the person may. */
export function deny(asked: Case): Denial | undefined {
  const { asker, ask } = asked;
  if (asker.standing === 'guest') return { why: 'guest' };
  if (asker.standing !== 'member') return { why: 'stranger' };
  if (ask === 'configure' || ask === 'link') return denyConfigure(asked);
  if (!asker.inChannel) return { why: 'not_in_channel' };
  if (ask === 'approve' || ask === 'reject') return denyDecision({ ...asked, ask });
  return denyWork({ ...asked, ask });
}

/** Without admins every full member may set up a channel, as in a team that trusts itself; nobody says who is who. */
function denyConfigure(asked: Case): Denial | undefined {
  const { admins = [] } = asked.deployment ?? {};
  if (admins.length === 0) return asked.ask === 'link' ? { why: 'no_admins' } : undefined;
  if (isListed(asked, admins)) return undefined;
  return { why: 'not_listed', who: admins, from: 'deployment' };
}

type Work = Case & Readonly<{ ask: 'start' | 'steer' | 'stop' | 'retry' }>;

/** Who may steer may also stop and retry. */
function denyWork(asked: Work): Denial | undefined {
  const { deployment, repository } = asked;
  const right = asked.ask === 'start' ? 'start' : 'steer';
  const ours = deployment?.[right];
  if (ours !== undefined && !isListed(asked, ours))
    return { why: 'not_listed', who: ours, from: 'deployment' };
  // Nobody knows whom a broken file keeps from speaking to a running agent. Its next turn will not begin anyway.
  if (repository.kind === 'broken' && asked.ask === 'steer') return denyBroken(asked, repository.mistake);
  if (repository.kind !== 'known') return undefined;
  const lists = [repository[right], repository.onBase?.[right]];
  const closed = lists.find((list) => list !== undefined && !isListed(asked, list));
  if (closed) return { why: 'not_listed', who: closed, from: 'repository' };
  // All but words to a running agent is judged once more by the runner.
  const isNarrowed = lists.some((list) => list !== undefined);
  return asked.ask === 'steer' && isNarrowed && repository.isOld ? { why: 'old_rules' } : undefined;
}

type Decision = Case & Readonly<{ ask: 'approve' | 'reject' }>;

function denyDecision(asked: Decision): Denial | undefined {
  const { ask, repository, person, target } = asked;
  const isRequester = person === target.requester;
  if (ask === 'reject' && isRequester) return undefined;
  const unfit = ask === 'approve' ? denyAccount(asked) : undefined;
  if (unfit) return unfit;
  if (repository.kind === 'broken' && ask === 'approve') {
    const broken = denyBroken(asked, repository.mistake);
    // What the file says of four eyes cannot be read, so it is taken to say yes.
    return broken ?? (isRequester ? { why: 'four_eyes', who: trusted(asked) } : undefined);
  }
  const who = listApprovers(asked);
  if (isRequester) return needsFourEyes(asked) ? { why: 'four_eyes', who } : undefined;
  return isApprover(asked) ? undefined : { why: 'not_approver', who };
}

function denyAccount({ asker: { account }, deployment }: Decision): Denial | undefined {
  if (account?.mayWrite === false)
    return { why: account.isOther ? 'other_account' : 'no_write', login: account.login };
  if (account !== undefined || !deployment?.requireLink) return undefined;
  return { why: 'not_linked', who: deployment.admins ?? [] };
}

function needsFourEyes({ deployment, repository }: Case): boolean {
  return Boolean(deployment?.fourEyes || (repository.kind === 'known' && repository.fourEyes));
}

/** Named by every list there is. */
function isApprover(asked: Case): boolean {
  const lists = approverLists(asked);
  return lists.length > 0 && lists.every((list) => isListed(asked, list));
}

function approverLists({ deployment, repository }: Case): readonly PeopleList[] {
  const ours = deployment?.approvers ?? [];
  const { approve: theirs, onBase } = repository.kind === 'known' ? repository : {};
  const naming = [...(ours.length > 0 ? [ours] : []), ...(theirs === undefined ? [] : [theirs])];
  // A base branch names nobody by itself.
  return naming.length > 0 && onBase?.approve !== undefined ? [...naming, onBase.approve] : naming;
}

/** Whom to ask: those on all lists, else the last one's. Only for words. */
function listApprovers(asked: Case): PeopleList {
  const lists = approverLists(asked);
  const last = lists.at(-1) ?? [];
  const named = last.filter((one) => lists.every((list) => list.includes(one) || list.includes('members')));
  return named.length > 0 ? named : last;
}

/** Until a broken file is mended only those named by the deployment itself decide. */
function denyBroken(asked: Case, mistake: string): Denial | undefined {
  const who = trusted(asked);
  return isListed(asked, who) ? undefined : { why: 'broken_settings', mistake, who };
}

function trusted({ deployment }: Case): PeopleList {
  return [...(deployment?.admins ?? []), ...(deployment?.approvers ?? [])];
}

function isListed(asked: Pick<Case, 'person' | 'asker' | 'target'>, list: PeopleList): boolean {
  const { person, asker, target } = asked;
  return list.some(
    (one) => one === 'members' || one === person || one === target.channel || asker.groups.includes(one),
  );
}

/** The user groups that the rules name: only these must be looked up. */
export function namedGroups(
  deployment: DeploymentRules | undefined,
  repository: RepositoryRules,
): readonly string[] {
  const { approvers = [], admins = [], start = [], steer = [] } = deployment ?? {};
  const ours = [...approvers, ...admins, ...start, ...steer];
  const said = repository.kind === 'known' ? [repository, repository.onBase ?? {}] : [];
  const theirs = said.flatMap((lists) => [
    ...(lists.start ?? []),
    ...(lists.steer ?? []),
    ...(lists.approve ?? []),
  ]);
  return [...new Set([...ours, ...theirs])].filter((id) => id.startsWith('S'));
}
