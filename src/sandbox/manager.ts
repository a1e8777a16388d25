// The one manager of the sandbox library in this process: its proxy, what it allows and what it refused.
// Every job's rules are its own; what stands here holds for all of them and therefore allows next to nothing.

import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxRuntimeConfig } from '@anthropic-ai/sandbox-runtime';
import { SandboxManager } from '@anthropic-ai/sandbox-runtime';
import { PermanentError } from '../errors.ts';
import type { Binaries } from './binaries.ts';
import { forgetMarker, writeMarker } from './leftovers.ts';

/** A shape of the library's own lines, in dist/sandbox/sandbox-manager.js `recordOutboundDeny` (0.0.83). */
const DENIED_LINE = /^deny network-outbound (.+):\d+ \(/;
/** An address that a name may resolve to although it is this machine, e.g. `127.0.0.1:11434`. */
const ADDRESS_WITH_PORT = /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+$/i;

type Settings = Readonly<{ binaries: Binaries; plainHttpMasks: boolean }>;

let holders = 0;
let current: Settings | undefined;
let starting: Promise<void> | undefined;
let ending: Promise<void> = Promise.resolve();
let marker: string | undefined;
let unsubscribe: (() => void) | undefined;
const addresses = new Map<string, number>();
const deniedListeners = new Map<string, (host: string) => void>();

/** Starts the manager, or joins the one that runs. Each successful call needs one `leaveManager`. */
export async function joinManager(settings: Settings): Promise<void> {
  if (current !== undefined && current.plainHttpMasks !== settings.plainHttpMasks) {
    throw new PermanentError('sandbox_differs', 'This process already runs a sandbox with other settings.');
  }
  current ??= settings;
  holders += 1;
  starting ??= ending.catch(() => {}).then(() => start(settings));
  try {
    await starting;
  } catch (error) {
    holders -= 1;
    if (holders === 0) {
      await end();
    }
    throw error;
  }
}

/** Ends the manager when its last user leaves: proxy, helper processes and temporary files go. */
export async function leaveManager(): Promise<void> {
  holders -= 1;
  if (holders === 0) await end();
}

/** Where socat is, undefined where the sandbox does without (macOS). */
export function socatPath(): string | undefined {
  return current?.binaries.socat;
}

/** Opens `egress` to connections that present `id` and tells `onDenied` each refused host. Returns the way back. */
export function openNetwork(
  id: string,
  egress: readonly string[],
  onDenied: (host: string) => void,
): () => void {
  SandboxManager.registerCommandNetworkLists(id, { allowedDomains: [...egress] });
  deniedListeners.set(id, onDenied);
  const own = egress.filter((entry) => ADDRESS_WITH_PORT.test(entry));
  changeAddresses(own, 1);
  return () => {
    SandboxManager.unregisterCommandNetworkLists(id);
    deniedListeners.delete(id);
    changeAddresses(own, -1);
  };
}

/**
 * Makes a stand-in for a secret, which the proxy replaces on the way to `hosts` and nowhere else. Returns the
 * stand-in and the way back, after which it is worth nothing. The value lives in this process's memory alone.
 */
export function maskSecret(
  name: string,
  value: string,
  hosts: readonly string[],
): { standIn: string; forget(): void } {
  const registry = SandboxManager.getSentinelRegistry();
  const standIn = registry.register(name, value, [...hosts]);
  return { standIn, forget: () => void registry.register(name, '', []) };
}

/** Forgets at once, so that a newcomer starts afresh behind the teardown and not beside it. */
function end(): Promise<void> {
  current = undefined;
  starting = undefined;
  deniedListeners.clear();
  addresses.clear();
  ending = tearDown();
  return ending;
}

async function tearDown(): Promise<void> {
  unsubscribe?.();
  await SandboxManager.reset();
  if (marker !== undefined) await forgetMarker(marker);
  marker = undefined;
}

async function start(settings: Settings): Promise<void> {
  const before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
  await SandboxManager.initialize(buildConfig(settings, []));
  // The library would cut every running agent's network at the first signal; the runner drains first, then closes.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const listener of process.listeners(signal)) {
      if (!before[signal].includes(listener)) process.removeListener(signal, listener);
    }
  }
  unsubscribe = SandboxManager.getSandboxViolationStore().subscribe((events) => tellDenied(events.at(-1)));
  const ca = SandboxManager.getMitmCA();
  const proxies = (await readdir(tmpdir())).filter((name) => name.startsWith(`srt-mux-${process.pid}-`));
  const paths = [SandboxManager.getLinuxHttpSocketPath(), ca?.certPath, ca?.trustBundlePath];
  paths.push(...proxies.map((name) => join(tmpdir(), name)));
  marker = await writeMarker(paths.filter((path) => path !== undefined));
}

function tellDenied(event: { line: string; encodedCommand?: string | undefined } | undefined): void {
  if (event?.encodedCommand === undefined) return;
  const host = DENIED_LINE.exec(event.line)?.[1];
  if (host === undefined) return;
  deniedListeners.get(Buffer.from(event.encodedCommand, 'base64').toString('utf8'))?.(host);
}

/** A name that leads to this very machine is refused unless the address itself is listed for everybody. */
function changeAddresses(entries: readonly string[], by: 1 | -1): void {
  if (entries.length === 0 || current === undefined) return;
  const before = [...addresses.keys()].join();
  for (const entry of entries) {
    const count = (addresses.get(entry) ?? 0) + by;
    if (count > 0) addresses.set(entry, count);
    else addresses.delete(entry);
  }
  const now = [...addresses.keys()];
  if (now.join() !== before) SandboxManager.updateConfig(buildConfig(current, now));
}

function buildConfig(settings: Settings, allowedDomains: readonly string[]): SandboxRuntimeConfig {
  const { bwrap, socat, rg } = settings.binaries;
  return {
    network: { allowedDomains: [...allowedDomains], deniedDomains: [], tlsTerminate: {} },
    filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
    credentials: { envVars: [], allowPlaintextInject: settings.plainHttpMasks },
    // Absolute, because what starts them has the command's own PATH.
    ...(bwrap ? { bwrapPath: bwrap } : {}),
    ...(socat ? { socatPath: socat } : {}),
    ...(rg ? { ripgrep: { command: rg } } : {}),
    // It guards files in and below this process's own folder, which no job may write anyway.
    mandatoryDenySearchDepth: 1,
  };
}
