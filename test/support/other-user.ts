// Another user than the one who runs the tests, for whoever only root can become.
import { spawnSync } from 'node:child_process';

const NOBODY = 65_534;
const BECOME = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] as const;

/** `prefix` goes before a command line; `uid` owns what that command needs to write. */
export type User = Readonly<{ name: string; prefix: readonly string[]; uid: number | undefined }>;

/** Whom the machine lets us be; says loudly what it does not. */
export function listUsers(): readonly User[] {
  const ourselves = { name: 'whoever runs the tests', prefix: [], uid: process.getuid?.() };
  const [program, ...flags] = [...BECOME, process.execPath, '-e', '0'];
  if (spawnSync(program, flags).status === 0)
    return [ourselves, { name: 'nobody', prefix: BECOME, uid: NOBODY }];
  process.stderr.write(
    '\nLEFT OUT: what needs another user too, for want of root, setpriv or a readable Node.\n\n',
  );
  return [ourselves];
}
