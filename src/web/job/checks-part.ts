// The repository's own checks on the change, run by the host, with what they printed.
import { html } from 'hono/html';
import { type CheckResult, describeBefore, describeOutcome, isBroken } from '../../job/checks.ts';
import type { Job } from '../../job/job.ts';
import { standingVerdict } from '../../job/verdict.ts';
import type { CheckOutput } from '../../store/check-outputs.ts';
import type { Html } from '../pages/layout.ts';
import { shown, shownLine } from '../pages/text.ts';

export function drawChecks(job: Job, outputs: readonly CheckOutput[]): Html {
  const checks = standingVerdict(job.results)?.checks ?? job.results.at(-1)?.checks ?? [];
  if (checks.length === 0)
    return html`<p class="empty">No checks were run. A repository names its own in <code>.agents/config.yml</code> under <code>checks</code>, and Errand runs them on every change before people are asked.</p>`;
  return html`<p class="faint">Run by Errand, not by the agent, on a fresh copy of exactly the files that were pushed.</p>
<ul class="checks">${checks.map((check) =>
    drawCheck(
      job,
      check,
      outputs.filter((one) => one.check === check.name),
    ),
  )}</ul>`;
}

function drawCheck(job: Job, check: CheckResult, outputs: readonly CheckOutput[]): Html {
  const before = describeBefore(check, shownLine(job.base, 60));
  const tone = check.outcome === 'passed' ? 'good' : isBroken(check) ? 'bad' : 'ask';
  const found = check.found ? ' Nobody named it; Errand took it for one of the project’s own commands.' : '';
  const printed = outputs.map(
    ({ on, output }) =>
      html`<details><summary>What it printed${on === 'base' ? ' on the base branch' : ''}</summary><pre>${shown(output) || 'Nothing.'}</pre></details>`,
  );
  return html`<li><span class="badge ${tone}">${check.outcome === 'passed' ? 'green' : check.outcome.replaceAll('_', ' ')}</span> <strong>${shownLine(check.name, 60)}</strong> <code>${shownLine(check.command, 300)}</code><p class="faint">${shownLine(describeOutcome(check), 300)}${before === '' ? '' : `; ${before}`}.${found}</p>${printed}</li>`;
}
