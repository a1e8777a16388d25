// What an answer of GitHub must have before anybody reads it, route by route. Half an answer, a page of a proxy or other
// JSON counts as none: whoever asked looks again whether it was done. Asks for what we live on, and for no more.
import { z } from 'zod';

const Text = z.string().min(1);
const Id = z.union([z.number(), z.bigint()]);
const Pull = z.object({
  number: z.number(),
  html_url: Text,
  state: Text,
  head: z.object({ sha: Text, ref: Text }),
  base: z.object({ ref: Text }),
});
const Repository = z.object({ id: Id, full_name: Text, default_branch: Text });
const Listed = z.object({ full_name: Text });
const Said = z.object({ id: Id, html_url: Text });
const Named = z.object({ name: Text, status: Text });
const Sha = z.object({ sha: Text });
const Anything = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/** By method and the end of the path; the first that fits. https://docs.github.com/en/rest, as of 2026-11. */
const SHAPES: readonly (readonly [where: RegExp, shape: z.ZodType])[] = [
  [/^(GET|PATCH) .*\/pulls\/[^/]+$/, Pull],
  [/^POST .*\/pulls$/, Pull],
  [/^GET .*\/pulls$/, z.array(Pull)],
  [/^GET .*\/issues\/[^/]+$/, z.object({ number: z.number(), state: Text, title: z.string() })],
  [/^GET .*\/(comments|reviews)$/, z.array(Said)],
  [/^POST .*\/(comments|reviews|replies)$/, Said],
  [/^GET .*\/contents\/.*$/, z.union([z.array(z.unknown()), z.object({ type: Text })])],
  [/^(GET|POST) .*\/git\/refs?(\/.+)?$/, z.object({ object: Sha })],
  [/^POST .*\/git\/(trees|commits)$/, Sha],
  [/^GET .*\/git\/commits\/[^/]+$/, z.object({ tree: Sha })],
  [/^GET .*\/git\/trees\/[^/]+$/, z.object({ tree: z.array(z.object({ path: Text, mode: Text })) })],
  [/^GET .*\/compare\/[^/]+$/, z.object({ merge_base_commit: Sha })],
  [/^GET .*\/check-runs$/, z.object({ total_count: z.number(), check_runs: z.array(Named) })],
  [/^GET .*\/status$/, z.object({ total_count: z.number(), statuses: z.array(z.object({ context: Text })) })],
  [/^GET .*\/collaborators\/[^/]+\/permission$/, z.object({ permission: Text })],
  [/^GET .*\/rules\/branches\/.+$/, z.array(z.object({ type: Text }))],
  [/^GET .*\/installation$/, z.object({ id: Id })],
  [/^GET .*\/app\/installations$/, z.array(z.object({ id: Id }))],
  [/^POST .*\/access_tokens$/, z.object({ token: Text, expires_at: Text })],
  [/^GET .*\/installation\/repositories$/, z.object({ repositories: z.array(Listed) })],
  [/^GET .*\/user\/repos$/, z.array(Listed)],
  [/^GET .*\/(user|users\/[^/]+)$/, z.object({ login: Text, id: Id })],
  [/^GET .*\/app$/, z.object({ id: Id })],
  [
    /^POST .*\/graphql$/,
    z.union([z.object({ data: z.object({}) }), z.object({ errors: z.array(z.unknown()) })]),
  ],
  [/^GET .*\/(repos\/[^/]+\/[^/]+|repositories\/\d+)$/, Repository],
];

type Asked = Readonly<{ method: string; url: string; request?: unknown }>;

/**
 * Throws for an answer that cannot be the one to `asked`, in the form in which octokit tells that none came: so its readings
 * are repeated, and all else is a TransientError to whoever asked. Logs, which are no JSON, are not for here.
 */
export function checkAnswer(answer: Readonly<{ status: number; data: unknown }>, asked: Asked): void {
  if (answer.status === 204 || asked.url.endsWith('/logs')) return;
  const route = `${asked.method} ${asked.url.split('?')[0]}`;
  const [, shape] = SHAPES.find(([where]) => where.test(route)) ?? ['', Anything];
  const parsed = shape.safeParse(answer.data);
  if (parsed.success) return;
  const error = new Error(`the answer to ${route} is in a form unknown to us`, { cause: parsed.error });
  throw Object.assign(error, { name: 'HttpError', status: 500, request: asked });
}
