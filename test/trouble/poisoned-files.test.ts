// Poisoned trees, second part of the corpus: files that lead out, deceive, block or drown whoever reads them. After each
// attack the canaries are looked at: mirror, neighbour job, server, a hostile server, processes, a mark on the host.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Attack, INNOCENT, openPoisonedPlace, type PoisonedPlace } from '../support/poisoned-place.ts';

/** A hundred thousand files take their time on a busy machine. */
const PATIENCE_MS = 120_000;
const HARMLESS = { pushed: [INNOCENT] };
const refused = (...lines: readonly string[]) => ({ refused: lines });

const ATTACKS: readonly Attack[] = [
  {
    name: 'links that lead out of the tree',
    plant: ({ sh }) => sh('ln -s /etc/passwd absolute; ln -s ../../records src/up; ln -s .git/config inner'),
    outcome: refused('absolute: link_leaves_tree', 'inner: link_leaves_tree', 'src/up: link_leaves_tree'),
  },
  {
    name: 'a chain of links that stays in each step and leaves in sum',
    plant: ({ sh }) => sh('mkdir a && ln -s .. a/up && ln -s a/up/../.. b'),
    outcome: refused('b: link_leaves_tree'),
  },
  {
    name: 'a folder that became a link to secrets',
    plant: ({ sh }) =>
      sh('mkdir ../tmp/out && echo secret > ../tmp/out/price.js && rm -r src && ln -s "$TMPDIR/out" src'),
    outcome: refused('src: link_leaves_tree'),
  },
  {
    name: 'links in a circle',
    plant: ({ sh }) => sh('ln -s round about && ln -s about round'),
    outcome: { pushed: [INNOCENT, 'about', 'round'] },
  },
  {
    name: 'a tree that is a link to the system',
    plant: ({ sh, workspace }) =>
      sh(`mv ${workspace.tree} ${workspace.dir}/moved && ln -s /etc ${workspace.tree}`),
    outcome: refused('.: tree_replaced'),
  },
  {
    name: "a tree that is a link to the neighbour's",
    plant: ({ sh, workspace }) =>
      sh(`rm -rf ${workspace.tree} && ln -s ${workspace.dir}/../J-0/tree ${workspace.tree}`),
    outcome: refused('.: tree_replaced'),
  },
  {
    name: 'a tree that is a file',
    plant: ({ sh, workspace }) => sh(`rm -rf ${workspace.tree} && echo x > ${workspace.tree}`),
    outcome: refused('.: tree_replaced'),
  },
  {
    name: 'a home, a temp folder and a git dir that are links',
    plant: ({ sh, workspace }) =>
      sh(
        `for d in home tmp agent.git; do rm -rf ${workspace.dir}/$d && ln -s ${workspace.dir}/../J-0/home ${workspace.dir}/$d; done`,
      ),
    outcome: HARMLESS,
  },
  {
    name: 'a huge file and a sparse one of a terabyte',
    plant: ({ sh }) => sh('head -c 100001 /dev/zero > big.bin && truncate -s 1T sparse.img'),
    outcome: refused('big.bin: file_too_large', 'sparse.img: file_too_large'),
  },
  {
    name: '100,000 files',
    plant: ({ sh }) => sh('mkdir many && cd many && seq 100000 | xargs touch'),
    outcome: refused('.: not_taken', '.: too_many_files'),
  },
  {
    name: 'folders deeper than a path may be long',
    plant: ({ sh }) =>
      sh(`'${process.execPath}' -e 'for (let at = 0; at < 30; at += 1) {
            require("fs").mkdirSync("d".repeat(200)); process.chdir("d".repeat(200));
          } require("fs").writeFileSync("deep.txt", "x")'`),
    outcome: HARMLESS,
  },
  {
    name: 'names with line ends, escapes and terminal codes',
    plant: ({ put }) =>
      Promise.all([put('a\nb', 'x'), put('\u001b[31mred', 'x'), put('tab\t<!channel>`', 'x')]),
    outcome: refused('\u001b[31mred: odd_name', 'a\nb: odd_name', 'tab\t<!channel>`: odd_name'),
  },
  {
    name: 'a name that is not UTF-8',
    plant: ({ sh }) => sh(`echo x > "$(printf 'bad\\377.txt')"`),
    outcome: refused('bad\ufffd.txt: odd_name'),
  },
  {
    name: 'names that change direction or hide something',
    plant: ({ put }) =>
      Promise.all([put('gnp.\u202etxt.exe', 'x'), put('a\u200bb', 'x'), put('tag\u{E0041}', 'x')]),
    outcome: refused('a\u200bb: odd_name', 'gnp.\u202etxt.exe: odd_name', 'tag\u{E0041}: odd_name'),
  },
  {
    name: 'names that are .git to another system',
    plant: ({ put }) =>
      Promise.all([
        put('.GIT/config', 'x'),
        put('a/git~1/hooks/x', 'x'),
        put('b/.g\u200cit/config', 'x'),
        put('c/.git./x', 'x'),
        put('d/.git::$INDEX_ALLOCATION/x', 'x'),
      ]),
    outcome: refused(
      '.GIT/config: git_dir_name',
      'a/git~1/hooks/x: git_dir_name',
      'b/.g\u200cit/config: git_dir_name',
      'c/.git./x: git_dir_name',
      'd/.git::$INDEX_ALLOCATION/x: git_dir_name',
    ),
  },
  {
    name: 'twins in case and in composition',
    plant: ({ put }) =>
      Promise.all([
        put('readme.MD', 'x'),
        put('SRC/x.js', 'x'),
        put('caf\u00e9', 'x'),
        put('cafe\u0301', 'x'),
      ]),
    outcome: refused('SRC/x.js: name_twin', 'café: name_twin', 'readme.MD: name_twin'),
  },
  {
    name: 'setuid, setgid and sticky bits',
    plant: ({ sh }) => sh('cp /bin/true tool 2>/dev/null; echo x > tool; chmod 6755 tool; chmod 1777 src'),
    outcome: { pushed: [INNOCENT, 'tool'] },
  },
  {
    name: 'a pipe and a socket in the place of files',
    plant: ({ sh, workspace }) =>
      sh(`rm README.md && mkfifo README.md pipe
          '${process.execPath}' -e 'require("net").createServer().listen("${workspace.tree}/s", () => process.kill(process.pid, 9))' || true`),
    outcome: refused('README.md: not_a_file'),
  },
  {
    name: 'pipes where git looks for what to ignore, for attributes and submodules',
    plant: ({ sh }) => sh('rm .gitignore && mkfifo .gitignore .gitattributes .gitmodules src/.gitignore'),
    outcome: { pushed: ['.gitignore', INNOCENT] },
  },
  {
    name: 'files and folders that nobody may read',
    plant: ({ sh }) =>
      sh('echo x > shut.txt && chmod 000 shut.txt && mkdir d && echo y > d/e && chmod 300 d'),
    outcome: { pushed: [INNOCENT, 'd/e', 'shut.txt'] },
  },
  {
    name: 'files named like options',
    plant: ({ put }) =>
      Promise.all([
        put('--upload-pack=x', 'x'),
        put('-rf', 'x'),
        put('--output=../x/y', 'x'),
        put(':(top)*', 'x'),
      ]),
    outcome: { pushed: ['--output=../x/y', '--upload-pack=x', '-rf', ':(top)*', INNOCENT] },
  },
  {
    name: 'ignoring everything to hide it from people',
    plant: ({ put }) => put('.gitignore', '*\n').then(() => put('hidden.txt', 'x')),
    outcome: { pushed: ['.gitignore', INNOCENT] },
  },
  {
    name: 'configs of agents, which are files like any other here',
    plant: ({ put, script }) =>
      Promise.all([
        put(
          '.claude/settings.json',
          JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ command: script }] }] } }),
        ),
        put('.mcp.json', JSON.stringify({ mcpServers: { x: { command: script } } })),
        put('opencode.json', JSON.stringify({ mcp: { x: { command: [script], type: 'local' } } })),
        put('.kilocode/mcp.json', JSON.stringify({ mcpServers: { x: { command: script } } })),
      ]),
    outcome: {
      pushed: ['.claude/settings.json', '.kilocode/mcp.json', '.mcp.json', INNOCENT, 'opencode.json'],
    },
  },
];

describe('the files of a tree', () => {
  let place: PoisonedPlace;
  beforeAll(async () => {
    place = await openPoisonedPlace();
  });
  afterAll(() => place.close());

  test.each(ATTACKS)('$name', (attack) => place.suffer(attack), PATIENCE_MS);
});
