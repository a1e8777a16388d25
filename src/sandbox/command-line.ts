// How a command is handed to the sandbox: quoting, and which of its variables are set only behind the wall.
// Pure.

/** What the library sets for its own purposes and the command may want otherwise, or what would act on the host's shell. */
const SET_INSIDE = /^(TMPDIR|NODE_USE_ENV_PROXY|LD_.*|DYLD_.*|BASH_.*|ENV|SHELLOPTS|BASHOPTS|IFS|PS4)$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export type CommandLine = Readonly<{
  /** For `sh -c` inside the sandbox. */
  script: string;
  /** For the process that starts the sandbox; the command inherits it. */
  env: Readonly<Record<string, string>>;
}>;

/** A port of the host's loopback that the command finds on its own loopback. */
export type Relay = Readonly<{ socat: string; port: number }>;

/**
 * Builds the script and the environment that give a command exactly `env`. Node's own `fetch` needs to be told to use
 * the proxy (Node ≥ 22.21 and ≥ 24.5), so it is, unless `env` says otherwise.
 */
export function buildCommandLine(options: {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  relays: readonly Relay[];
  /** The library's proxy inside (Linux): it is started beside the command, which must not be faster. */
  proxyPort?: number | undefined;
  /** Shell words that come right before the command, e.g. its rlimits. */
  limits?: string | undefined;
}): CommandLine {
  const { argv, env } = options;
  const wanted = { NODE_USE_ENV_PROXY: '1', TMPDIR: '/tmp', ...env };
  const inside = Object.entries(wanted).filter(([name]) => SET_INSIDE.test(name) && NAME.test(name));
  const outside = Object.entries(wanted).filter(([name]) => !SET_INSIDE.test(name));
  const exports = inside.map(([name, value]) => `export ${name}=${quote(value)}`);
  const relays = options.relays.map(buildRelay);
  const proxy = options.proxyPort === undefined ? [] : [buildWait(options.proxyPort)];
  const script = [
    ...proxy,
    ...relays,
    'unset OLDPWD SHLVL',
    ...exports,
    ...(options.limits === undefined ? [] : [options.limits]),
    `exec ${argv.map(quote).join(' ')}`,
  ].join('; ');
  return { script, env: Object.fromEntries(outside) };
}

/** Puts `standIn` wherever `value` is written, also inside longer values such as a JSON configuration. */
export function replaceInEnv(
  env: Readonly<Record<string, string>>,
  value: string,
  standIn: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [name, text.replaceAll(value, standIn)]),
  );
}

/**
 * Inside, `localhost` is another machine, and clients never ask a proxy for it. So what is listed as an address of this
 * machine is brought to the same port inside, through the proxy, which still decides. The library gives the proxy's
 * credentials in these two variables (0.0.83, `generateProxyEnvVars`).
 */
function buildRelay({ socat, port }: Relay): string {
  const account = '$CLOUDSDK_PROXY_USERNAME:$CLOUDSDK_PROXY_PASSWORD';
  const to = `"PROXY:localhost:127.0.0.1:${port},proxyport=3128,proxyauth=${account}"`;
  const listen = (family: string) =>
    `${quote(socat)} ${family}:${port}${family === 'TCP6-LISTEN' ? ',ipv6only=0' : ''},fork,reuseaddr ${to}`;
  const start = `( { ${listen('TCP6-LISTEN')} || ${listen('TCP4-LISTEN')}; } </dev/null >/dev/null 2>&1 & )`;
  return `${start}; ${buildWait(port)}`;
}

/** Waits until somebody listens on the port inside, at most about 2 s. */
function buildWait(port: number): string {
  const listening = `:${port.toString(16).toUpperCase().padStart(4, '0')} 0*:0000 0A`;
  return `i=0; until grep -qs '${listening}' /proc/net/tcp /proc/net/tcp6 || [ $i -ge 200 ]; do i=$((i+1)); sleep 0.01; done; unset i`;
}

/** One word for a POSIX shell, whatever is in it. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
