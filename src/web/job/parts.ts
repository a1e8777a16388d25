// The parts of the job page that are made when somebody looks at them: what a job printed, changed, cost and left in the
// record can be large, and the page itself should be there at once.
import { html } from 'hono/html';
import { type Job, jobName } from '../../job/job.ts';
import { readNewestAudit } from '../../store/audit.ts';
import { readCheckOutputs } from '../../store/check-outputs.ts';
import { listPatchTurns, loadPatch } from '../../store/patches.ts';
import { readUsageSamples } from '../../store/transcript.ts';
import type { Html } from '../pages/layout.ts';
import { findNames } from '../pages/text.ts';
import type { Site } from '../site.ts';
import { AUDIT_SHOWN, drawAudit } from './audit-part.ts';
import { drawChecks } from './checks-part.ts';
import { drawCosts } from './costs-part.ts';
import { drawDiff } from './diff-part.ts';

const USAGE_POINTS = 300;

const TITLES = {
  diff: 'The change',
  checks: 'Checks',
  costs: 'Tokens, cost and context',
  audit: 'Audit trail',
} as const;

export type PartName = keyof typeof TITLES;

export function readPartName(text: string | undefined): PartName | undefined {
  return text !== undefined && Object.hasOwn(TITLES, text) ? (text as PartName) : undefined; // just looked up
}

export function titleOfPart(name: PartName): string {
  return TITLES[name];
}

/** A card that is filled by the browser, or followed as a link where there are no scripts. */
export function drawPlaceholder(job: Job, name: PartName): Html {
  const id = `part-${name}`;
  const href = `/jobs/${jobName(job)}/${name}`;
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${TITLES[name]}</h2><div class="part-body" data-part="${href}"><p><a href="${href}">Show it</a></p></div></section>`;
}

/** `query` is what the address says of it: a turn of the diff. */
export async function drawPart(
  site: Site,
  { job, name, query }: { job: Job; name: PartName; query: Readonly<Record<string, string>> },
): Promise<Html> {
  const { sql } = site.actions.store.db;
  switch (name) {
    case 'diff': {
      const turn = /^\d{1,6}$/.test(query['turn'] ?? '') ? Number(query['turn']) : undefined;
      const [patch, turns] = await Promise.all([loadPatch(sql, job.id, turn), listPatchTurns(sql, job.id)]);
      return drawDiff(job, { patch, turns, isStep: query['step'] === '1' && patch?.step !== undefined });
    }
    case 'checks':
      return drawChecks(job, await readCheckOutputs(sql, job.id));
    case 'costs':
      return drawCosts(job, await readUsageSamples(sql, job.id, { points: USAGE_POINTS }));
    case 'audit': {
      const { entries, count } = await readNewestAudit(sql, job.id, AUDIT_SHOWN);
      const names = await findNames(
        site.viewers.nameOf,
        entries.flatMap(({ who }) => who ?? []),
      );
      return drawAudit(job.id, { entries, count, names });
    }
  }
}
