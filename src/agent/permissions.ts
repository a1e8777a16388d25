// What an agent may do when it asks first. A pure decision: the sandbox is the boundary, this keeps honest agents from
// leaving the tree by mistake and gives every answer a reason that goes into the job's record.
import { isAbsolute, relative, resolve } from 'node:path';

/** The parts of ACP's `session/request_permission` that a decision is made from. */
export type PermissionRequest = Readonly<{
  toolCall: Readonly<{
    kind?: string | null | undefined;
    title?: string | null | undefined;
    locations?: readonly Readonly<{ path: string }>[] | null | undefined;
    content?: readonly Readonly<{ type: string; path?: string | undefined }>[] | null | undefined;
    rawInput?: unknown;
  }>;
  options: readonly Readonly<{ optionId: string; kind: string }>[];
}>;

export type PermissionPolicy = Readonly<{
  /** Absolute path of the tree. */
  tree: string;
  /** True when the agent runs inside the sandbox. */
  sandboxed: boolean;
  /** Other folders it may write to, e.g. the job's own temp folder. */
  extraWritable?: readonly string[];
  /** True while it only plans or reviews: nothing may be changed and the planning mode may not be left. */
  readOnly?: boolean;
  /** Resolves links in the existing part of a path; the identity where links do not matter. */
  realpath: (path: string) => string;
}>;

/** `optionId` is undefined when the agent offered no matching option; the answer is then `cancelled`. */
export type PermissionDecision = Readonly<{ allow: boolean; reason: string; optionId: string | undefined }>;

const CHANGES: ReadonlySet<string> = new Set(['edit', 'delete', 'move']);
/** Names under which agents' tools take a path when they give no locations. */
const PATH_INPUTS = ['file_path', 'filePath', 'filepath', 'path', 'abs_path', 'notebook_path', 'destination'];

/** Answers one request. Prefers `allow_once` to `allow_always`, so that the next question is asked again. */
export function decidePermission(request: PermissionRequest, policy: PermissionPolicy): PermissionDecision {
  const { allow, reason } = judge(request, policy);
  const kinds = allow ? ['allow_once', 'allow_always'] : ['reject_once', 'reject_always'];
  const option = kinds.flatMap((kind) => request.options.filter((each) => each.kind === kind))[0];
  return { allow, reason, optionId: option?.optionId };
}

function judge(
  { toolCall }: PermissionRequest,
  policy: PermissionPolicy,
): { allow: boolean; reason: string } {
  const kind = toolCall.kind ?? 'other';
  if (kind === 'switch_mode') {
    return policy.readOnly
      ? { allow: false, reason: 'this phase only plans; changes come in the next one' }
      : { allow: true, reason: 'the work may begin' };
  }
  if (CHANGES.has(kind)) return judgeChange(pathsOf(toolCall), policy);
  if (kind === 'execute') {
    const reason = policy.sandboxed
      ? 'commands are held by the sandbox'
      : 'commands are allowed; there is no sandbox';
    return { allow: true, reason };
  }
  return { allow: true, reason: 'it changes nothing outside the tree' };
}

function judgeChange(paths: readonly string[], policy: PermissionPolicy): { allow: boolean; reason: string } {
  if (policy.readOnly) return { allow: false, reason: 'this phase must not change files' };
  if (paths.length === 0) {
    return policy.sandboxed
      ? { allow: true, reason: 'it names no file; the sandbox holds it' }
      : { allow: false, reason: 'it does not say which file it changes, and there is no sandbox' };
  }
  const outside = paths.find((path) => !isWritable(path, policy));
  if (outside !== undefined) return { allow: false, reason: `${outside} is outside the tree` };
  return { allow: true, reason: 'inside the tree' };
}

/** All paths a tool call names; an agent that names one in its diff and another in its locations is held to both. */
function pathsOf(toolCall: PermissionRequest['toolCall']): string[] {
  const located = (toolCall.locations ?? []).map((location) => location.path);
  const diffs = (toolCall.content ?? []).flatMap((each) =>
    each.type === 'diff' && each.path ? [each.path] : [],
  );
  return [...new Set([...located, ...diffs, ...inputPaths(toolCall.rawInput)])];
}

function inputPaths(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return [];
  const entries = Object.entries(input);
  return entries.flatMap(([key, value]) =>
    PATH_INPUTS.includes(key) && typeof value === 'string' ? [value] : [],
  );
}

function isWritable(path: string, policy: PermissionPolicy): boolean {
  const target = policy.realpath(resolve(policy.tree, path));
  const roots = [policy.tree, ...(policy.extraWritable ?? [])].map((root) => policy.realpath(root));
  const tree = roots[0] ?? policy.tree;
  // The tree's `.git` is the agent's own throw-away repository, but rewriting the pointer to it is never honest work.
  if (relative(tree, target).split('/')[0] === '.git') return false;
  return roots.some((root) => isInside(root, target));
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith('../') && !isAbsolute(way));
}
