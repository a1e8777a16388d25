// Tells version managers inside a sandbox where the operator's toolchains lie: they look in the HOME of whoever calls, and
// an agent's HOME is a new one. Only names of folders that are open for reading anyway (read-rules.ts).
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Each with its usual folder below a home. CARGO_HOME is not among them: cargo writes there, and its programs need no name. */
const USUAL = {
  RUSTUP_HOME: '.rustup',
  VOLTA_HOME: '.volta',
  PYENV_ROOT: '.pyenv',
  ASDF_DATA_DIR: '.asdf',
  MISE_DATA_DIR: '.local/share/mise',
} as const;

/** Where a toolchain for everybody on the machine lies, e.g. `/usr/local/rustup` in the images of Rust. */
const OPEN = /^\/(usr|opt)\//;

/**
 * The variables for a command's environment: what the operator has set where that folder is open, else the usual one.
 * Folders that do not exist have no variable.
 */
export function toolchainVariables(
  env: Readonly<Record<string, string | undefined>>,
  home: string = homedir(),
): Readonly<Record<string, string>> {
  const found = Object.entries(USUAL).flatMap(([name, folder]) => {
    const usual = join(home, folder);
    const given = env[name];
    const path = given !== undefined && OPEN.test(given) ? given : usual;
    return existsSync(path) ? [[name, path] as const] : [];
  });
  return Object.fromEntries(found);
}
