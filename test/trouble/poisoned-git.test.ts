// Poisoned trees, first part of the corpus: everything that has git, or what git starts, work for the attacker. After each
// attack the canaries are looked at: mirror, neighbour job, server, a hostile server, processes, a mark on the host.
import { afterAll, beforeAll, describe, test } from 'vitest';
import {
  type Attack,
  INNOCENT,
  openPoisonedPlace,
  type Place,
  type PoisonedPlace,
} from '../support/poisoned-place.ts';

const HARMLESS = { pushed: [INNOCENT] };
/** Settings in the git that the agent owns, as `git config` would write them. */
const configure = (place: Place, settings: Readonly<Record<string, string>>) =>
  place.sh(
    Object.entries(settings)
      .map(([name, value]) => `git config '${name}' '${value}'`)
      .join('\n'),
  );
const HOOKS =
  'pre-commit post-checkout pre-push reference-transaction post-index-change update fsmonitor-watchman';

const ATTACKS: readonly Attack[] = [
  {
    name: 'hooks in its own git dir',
    plant: ({ sh, script, workspace }) =>
      sh(`mkdir -p ${workspace.agentGitDir}/hooks
          for hook in ${HOOKS}; do ln -s ${script} ${workspace.agentGitDir}/hooks/$hook; done`),
    outcome: HARMLESS,
  },
  {
    name: 'core.hooksPath',
    plant: async (place) => {
      await place.sh(
        `mkdir ../tmp/hooks; for hook in ${HOOKS}; do ln -s ${place.script} ../tmp/hooks/$hook; done`,
      );
      await configure(place, { 'core.hooksPath': `${place.workspace.tmp}/hooks` });
    },
    outcome: HARMLESS,
  },
  {
    name: 'core.fsmonitor',
    plant: (place) => configure(place, { 'core.fsmonitor': place.script }),
    outcome: HARMLESS,
  },
  {
    name: 'clean and smudge filters for every file',
    plant: async (place) => {
      const { script } = place;
      await place.put('.gitattributes', '* filter=bad\n');
      await configure(place, {
        'filter.bad.clean': script,
        'filter.bad.smudge': script,
        'filter.bad.required': 'true',
      });
    },
    outcome: { pushed: ['.gitattributes', INNOCENT] },
  },
  {
    name: 'a filter that is a long-running process',
    plant: async (place) => {
      await place.put('.gitattributes', '* filter=lfs\n');
      await configure(place, { 'filter.lfs.process': place.script, 'filter.lfs.required': 'true' });
    },
    outcome: { refused: ['.gitattributes: lfs_pointer_lost', `${INNOCENT}: lfs_pointer_lost`] },
  },
  {
    name: 'diff and merge drivers, textconv and an external diff',
    plant: async (place) => {
      const { script } = place;
      await place.put('.gitattributes', '* diff=bad merge=bad\n');
      await configure(place, {
        'diff.bad.command': script,
        'diff.bad.textconv': script,
        'diff.external': script,
        'merge.bad.driver': script,
      });
    },
    outcome: { pushed: ['.gitattributes', INNOCENT] },
  },
  {
    name: 'attributes in the git dir instead of the tree',
    plant: async (place) => {
      await place.sh(`mkdir -p ${place.workspace.agentGitDir}/info
                      echo '* filter=bad -text' > ${place.workspace.agentGitDir}/info/attributes`);
      await configure(place, { 'filter.bad.clean': place.script, 'core.attributesFile': '/etc/passwd' });
    },
    outcome: HARMLESS,
  },
  {
    name: 'attributes that ask for an encoding nobody has',
    plant: ({ put }) => put('.gitattributes', '* working-tree-encoding=UTF-77 eol=crlf ident\n'),
    outcome: { pushed: ['.gitattributes', INNOCENT] },
  },
  {
    name: 'insteadOf, pushInsteadOf, a proxy and a remote at a hostile server',
    plant: (place) =>
      configure(place, {
        [`url.${place.evilUrl}/.insteadOf`]: `${place.serverUrl}/`,
        [`url.${place.evilUrl}/.pushInsteadOf`]: `${place.serverUrl}/`,
        'remote.origin.url': `${place.evilUrl}/acme/shop.git`,
        'http.proxy': place.evilUrl,
        'http.sslVerify': 'false',
      }),
    outcome: HARMLESS,
  },
  {
    name: 'core.sshCommand, askPass, credential helper, pager and editor',
    plant: (place) => {
      const names = ['core.sshCommand', 'core.askPass', 'credential.helper', 'core.pager', 'core.editor'];
      const more = ['core.gitProxy', 'gpg.program', 'uploadpack.packObjectsHook', 'sequence.editor'];
      return configure(place, Object.fromEntries([...names, ...more].map((name) => [name, place.script])));
    },
    outcome: HARMLESS,
  },
  {
    name: 'the same settings where a user, npm and curl keep theirs',
    plant: (place) => {
      const config = `[core]\n\tfsmonitor = ${place.script}\n\thooksPath = ${place.workspace.tmp}\n`;
      return place.sh(`mkdir -p ~/.config/git && printf '${config}' | tee ~/.gitconfig > ~/.config/git/config
        echo 'script-shell=${place.script}' > ~/.npmrc
        echo 'machine 127.0.0.1 login a password b' > ~/.netrc
        echo 'proxy = ${place.evilUrl}' > ~/.curlrc`);
    },
    outcome: HARMLESS,
  },
  {
    name: 'replace refs, grafts and a shallow file, so that history lies',
    plant: ({ sh, workspace }) =>
      sh(`git commit -qam lie && git replace HEAD~1 HEAD
          git rev-parse HEAD > ${workspace.agentGitDir}/info/grafts
          git rev-parse HEAD > ${workspace.agentGitDir}/shallow`),
    outcome: HARMLESS,
  },
  {
    name: 'commits of its own with a forged author, date, branch and tag',
    plant: ({ sh }) =>
      sh(`export GIT_AUTHOR_DATE='1999-01-01T00:00:00' GIT_COMMITTER_DATE='1999-01-01T00:00:00'
          git -c user.name='Linus' -c user.email=linus@example.com commit -qam 'Approved by everybody'
          git branch -f main HEAD && git tag v9.9.9 && git update-ref refs/heads/--upload-pack=x HEAD`),
    outcome: HARMLESS,
  },
  {
    name: 'alternates that lead elsewhere, and broken objects beside them',
    plant: ({ sh, workspace }) =>
      sh(`printf '/etc\\n/proc/self/cwd\\n' > ${workspace.agentGitDir}/objects/info/alternates
          mkdir -p ${workspace.agentGitDir}/objects/aa && echo junk > ${workspace.agentGitDir}/objects/aa/${'b'.repeat(38)}`),
    outcome: HARMLESS,
  },
  {
    name: 'an index and an exclude file that hide what changed',
    plant: ({ sh, workspace }) =>
      sh(`echo '*' > ${workspace.agentGitDir}/info/exclude
          git update-index --assume-unchanged README.md src/price.js
          echo hidden > src/price.js`),
    outcome: { pushed: [INNOCENT, 'src/price.js'] },
  },
  { name: 'no .git any more', plant: ({ sh }) => sh('rm -rf .git'), outcome: HARMLESS },
  {
    name: '.git as a link to nowhere',
    plant: ({ sh }) => sh('rm .git && ln -s /nonexistent .git'),
    outcome: HARMLESS,
  },
  {
    name: '.git as a repository with a monitor',
    plant: ({ sh, script }) =>
      sh(
        `rm .git && git init -q . && git config core.fsmonitor '${script}' && git config core.worktree /etc`,
      ),
    outcome: HARMLESS,
  },
  {
    name: ".git as a file that names the host's own view",
    plant: ({ sh, workspace }) => sh(`echo 'gitdir: ${workspace.gitDir}' > .git`),
    outcome: HARMLESS,
  },
  {
    name: '.git as a pipe that nobody ever writes',
    plant: ({ sh }) => sh('rm .git && mkfifo .git'),
    outcome: HARMLESS,
  },
  {
    name: 'a bare repository lying in the tree',
    plant: ({ sh, script }) =>
      sh(`mkdir bare && cd bare && git init -q --bare . && git config core.fsmonitor '${script}' && rm -rf hooks info description branches objects refs
          mkdir objects refs && touch objects/keep refs/keep`),
    outcome: { refused: ['bare/: nested_repository'] },
  },
  {
    name: 'a repository in the repository',
    plant: ({ sh, put }) => put('vendor/lib/a.txt', 'a').then(() => sh('git init -q vendor/lib')),
    outcome: { refused: ['vendor/lib/: nested_repository'] },
  },
  {
    name: 'a repository in the repository, committed and with a monitor',
    plant: ({ sh, script }) =>
      sh(`git init -q lib && cd lib && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x
          git config core.fsmonitor '${script}' && cd .. && git add lib`),
    outcome: { refused: ['lib/: nested_repository'] },
  },
  {
    name: 'a new submodule whose address is an option',
    plant: ({ put, script }) =>
      put(
        '.gitmodules',
        `[submodule "x"]\n\tpath = x\n\turl = --upload-pack=${script}\n\tupdate = !${script}\n`,
      ),
    outcome: { refused: ['.gitmodules: submodule_changed'] },
  },
  {
    name: 'a submodule whose address runs a command',
    plant: ({ put, script }) =>
      put('deep/.GitModules', `[submodule "../../x"]\n\tpath = x\n\turl = ext::sh -c ${script}\n`),
    outcome: { refused: ['deep/.GitModules: submodule_changed'] },
  },
];

describe("the agent's git", () => {
  let place: PoisonedPlace;
  beforeAll(async () => {
    place = await openPoisonedPlace();
  });
  afterAll(() => place.close());

  test.each(ATTACKS)('$name', (attack) => place.suffer(attack));
});
