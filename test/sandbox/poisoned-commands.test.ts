// Poisoned commands, fourth part of the corpus: what an agent's process tries against the machine it runs on, behind the
// real sandbox. After each one mirror, neighbour and host are as they were, and nothing of it runs any more.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  canSandbox,
  createSandboxHome,
  runScript,
  type SandboxHome,
  type SandboxJob,
  until,
} from '../support/sandbox-job.ts';

type Place = Readonly<{ job: SandboxJob; other: SandboxJob; mirror: string; mark: string }>;
type Attack = Readonly<{
  name: string;
  script: (place: Place) => string;
  /** What it must not have learned; `secret of J-2` and what the host holds are never allowed. */
  learns?: RegExp;
}>;

const PORT = 47_613;
const NODE = process.execPath;
/** Stands on every command line that must be gone afterwards. */
const SLEEP = 'sleep 611.613';

const ATTACKS: readonly Attack[] = [
  { name: 'a child that goes on in the background', script: () => `${SLEEP} & exit 0` },
  { name: 'a daemon by double fork', script: () => `( ( ${SLEEP} & ) & ) ; exit 0` },
  { name: 'a daemon in a session of its own', script: () => `setsid -f ${SLEEP}; exit 0` },
  { name: 'nohup', script: () => `nohup ${SLEEP} >/dev/null 2>&1 & exit 0` },
  { name: 'a process without any environment', script: () => `setsid -f env -i ${SLEEP}; exit 0` },
  {
    name: 'a child that ignores every signal it can',
    script: () => `setsid -f sh -c "trap '' TERM HUP INT; ${SLEEP}"; exit 0`,
  },
  {
    name: 'a fork bomb that ends with its command',
    script: () =>
      `bomb() { [ $1 -gt 0 ] && { bomb $(($1-1)) & bomb $(($1-1)) & }; ${SLEEP}; }; bomb 7 & sleep 0.5; exit 0`,
  },
  {
    name: 'a port on every address, to be called from outside',
    script: () =>
      `'${NODE}' -e 'require("net").createServer().listen(${PORT}, "0.0.0.0")' & sleep 1.5; echo listening`,
  },
  { name: "the environment of the host's processes", script: () => 'cat /proc/*/environ | tr "\\0" "\\n"' },
  {
    name: "the host's processes by name",
    script: () => 'cat /proc/[0-9]*/cmdline | tr "\\0" " "',
    learns: /vitest/,
  },
  {
    name: "the host's root through a process",
    script: () => 'cat /proc/1/root/etc/hostname.canary; ls /proc/1/cwd/',
  },
  { name: 'signals to everybody', script: () => 'kill -9 -1' },
  {
    name: 'writing to the mirror',
    script: ({ mirror }) => `echo evil >> ${mirror}/config; echo x > ${mirror}/HEAD`,
  },
  {
    name: 'a hook in the mirror',
    script: ({ mirror }) => `mkdir -p ${mirror}/hooks; echo evil > ${mirror}/hooks/post-checkout`,
  },
  {
    name: 'objects of the mirror, which it may read',
    script: ({ mirror }) => `echo x > ${mirror}/objects/pack/evil.pack; rm -rf ${mirror}/objects/info`,
  },
  {
    name: "the mirror's configuration",
    script: ({ mirror }) => `cat ${mirror}/config`,
    learns: /kept by the host/,
  },
  {
    name: "another job's folder",
    script: ({ other }) => `cat ${other.dir}/secret.txt; echo x > ${other.tree}/x`,
  },
  {
    name: "another job's folder by a link and by way of the parent",
    script: ({ other }) =>
      `ln -s ${other.dir} tree/door; cat tree/door/secret.txt; cat ../J-2/secret.txt; echo x > ../J-2/tree/x`,
  },
  {
    name: 'its own job folder beside the tree',
    script: ({ job }) => `echo x > ${job.dir}/x; mv ${job.tree} ${job.dir}/moved`,
  },
  {
    name: 'devices',
    script: () => 'mknod tree/disk b 8 0; mknod tree/mem c 1 1; cat /dev/mem /dev/sda | head -c 9',
  },
  {
    name: 'mounts and other namespaces',
    script: ({ mark }) =>
      `mount -t tmpfs none /mnt && touch ${mark}; chroot / true && nsenter -t 1 -m touch ${mark}`,
  },
  {
    name: 'a program that runs as its owner',
    script: ({ mark }) => `cp /bin/sh tree/sh && chmod 6755 tree/sh && tree/sh -p -c 'id -u > ${mark}'`,
  },
  {
    name: 'files of the kernel that root may write',
    script: () =>
      'find /proc -maxdepth 4 -not -path "/proc/[0-9]*" -not -path "/proc/self*" -not -path "/proc/thread-self*" -type f -perm /222 -writable 2>/dev/null',
    learns: /\/proc\/(?!pressure\/)/,
  },
  {
    name: 'kernel settings',
    script: () => 'echo evil > /proc/sys/kernel/core_pattern; echo evil > /sys/kernel/uevent_helper',
  },
  {
    name: 'ptrace of its keeper',
    script: () => 'head -c 16 /proc/1/mem; cat /proc/1/environ | tr "\\0" "\\n"',
  },
  {
    name: "Docker's and the system's sockets",
    script: () =>
      'ls /run/docker.sock /var/run/docker.sock 2>/dev/null; curl -s --unix-socket /var/run/docker.sock http://x/',
  },
  {
    name: 'time jobs and start scripts of the host',
    script: () => 'echo "* * * * * root true" > /etc/cron.d/errand-evil; echo x >> /etc/profile',
  },
  {
    name: 'cloud metadata',
    script: () =>
      `'${NODE}' -e 'fetch("http://169.254.169.254/latest/").then((r) => console.log("met", r.status), () => console.log("refused"))'`,
    learns: /met 200/,
  },
  {
    name: 'an MCP server that the repository configures, started as an agent would',
    script: ({ mark }) =>
      `mkdir -p tree/.kilocode && echo '{"mcpServers":{"x":{"command":"touch","args":["${mark}"]}}}' > tree/.kilocode/mcp.json
       '${NODE}' -e 'const { command, args } = JSON.parse(require("fs").readFileSync("tree/.kilocode/mcp.json", "utf8")).mcpServers.x; require("child_process").spawnSync(command, args)'`,
  },
];

describe.runIf(canSandbox())('a poisoned command', () => {
  let sandbox: Sandbox;
  let home: SandboxHome;
  let place: Place;
  beforeAll(async () => {
    sandbox = await createSandbox({ mode: 'srt', log: pino({ level: 'silent' }) });
    home = await createSandboxHome();
    const mirror = join(home.root, 'repos', 'o', 'n.git');
    await mkdir(join(mirror, 'objects', 'pack'), { recursive: true });
    await mkdir(join(mirror, 'objects', 'info'));
    await writeFile(join(mirror, 'config'), '# kept by the host\n');
    await writeFile(join(mirror, 'HEAD'), 'ref: refs/heads/main\n');
    const [job, other] = [await home.job('J-1'), await home.job('J-2')];
    place = { job, other, mirror, mark: join(home.root, 'mark') };
    process.env['ERRAND_POISON_SECRET'] = 'what the host holds';
  });
  afterAll(async () => {
    delete process.env['ERRAND_POISON_SECRET'];
    await sandbox.close();
    await home.remove();
  });

  /** The host's files that an attack could want, as they are now. */
  const outside = async () => {
    const { mirror, other, job } = place;
    const { stdout } = await execa('find', [
      mirror,
      other.dir,
      job.dir,
      '-maxdepth',
      '3',
      '-not',
      '-path',
      `${job.tree}/*`,
      '-printf',
      '%p %m %s\n',
    ]);
    const system = ['/etc/cron.d', '/etc/profile', '/proc/sys/kernel/core_pattern'].map((path) =>
      path.endsWith('.d')
        ? String(existsSync(path) && readdirSync(path))
        : existsSync(path) && readFileSync(path, 'utf8'),
    );
    return { files: stdout.split('\n').sort(), config: readFileSync(join(mirror, 'config'), 'utf8'), system };
  };

  test.each(ATTACKS)('$name', async ({ script, learns }) => {
    const before = await outside();
    const done = runScript(sandbox, home.root, place.job, script(place), {
      readable: [join(place.mirror, 'objects')],
    });
    const reached = script(place).includes(String(PORT)) && (await reach(PORT));
    const said = await done;
    expect(reached).toBe(false);
    expect(`${said.stdout}${said.stderr}`).not.toMatch(/secret of J-2|what the host holds/);
    if (learns) expect(said.stdout).not.toMatch(learns);
    await until('nothing of it runs', () => !isRunning(SLEEP) && !isRunning(String(PORT)));
    expect(existsSync(place.mark)).toBe(false);
    expect(await outside()).toEqual(before);
  });
});

/** Whether anybody answers on that port within a second and a half. */
async function reach(port: number): Promise<boolean> {
  const end = Date.now() + 1_400;
  while (Date.now() < end) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
    });
    if (answered) return true;
  }
  return false;
}

function isRunning(words: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return /^\d+$/.test(name) && Number(name) !== process.pid && line.includes(words);
    } catch {
      return false;
    }
  });
}
