// What came of the work, and why it can be trusted or not: the verdict that people decide by.
import { html } from 'hono/html';
import { isBroken } from '../../job/checks.ts';
import { placeOf } from '../../job/gate-rules.ts';
import type { Job, TurnResult } from '../../job/job.ts';
import { placeOfFinding, type Review } from '../../job/review.ts';
import { sumSessions } from '../../job/sessions.ts';
import { standingRisk } from '../../job/standing-risk.ts';
import type { Verdict } from '../../job/verdict.ts';
import { describeCost, describeReasons, nameRisk } from '../../job/verdict-text.ts';
import type { Html } from '../pages/layout.ts';
import { prose, proseLine } from '../pages/markdown.ts';
import { link, shownLine } from '../pages/text.ts';

const TONES = { low: 'good', medium: 'ask', high: 'bad' } as const;

/** Nothing for a job that has come to nothing yet. */
export function drawResult(job: Job): Html {
  const result = job.results.at(-1);
  if (result === undefined) return html``;
  const verdict = standingRisk(job);
  return html`<section class="card" aria-labelledby="result"><h2 id="result">What it did, and why to trust it</h2>
${verdict === undefined ? '' : drawRisk(verdict)}
${drawWords(result, verdict)}
${verdict === undefined ? '' : drawEvidence(verdict)}
${(result.warnings ?? []).map((warning) => html`<p><strong>Note</strong> ${shownLine(warning, 500)}</p>`)}
</section>`;
}

function drawRisk(verdict: Verdict): Html {
  const blocking =
    verdict.blocking.length === 0
      ? ''
      : html`<div class="notice"><p><strong>Blocking: whoever approves is asked twice</strong></p>${bullets(verdict.blocking)}</div>`;
  const first =
    verdict.lookFirst.length === 0 ? '' : html`<h3>Look at first</h3>${bullets(verdict.lookFirst)}`;
  return html`<p><span class="badge ${TONES[verdict.risk]}">${nameRisk(verdict.risk)}</span> ${shownLine(describeReasons(verdict), 900)}.</p>${blocking}${first}`;
}

function bullets(items: readonly string[]): Html {
  return html`<ul>${items.map((item) => html`<li>${proseLine(item, 700)}</li>`)}</ul>`;
}

function drawWords(result: TurnResult, verdict: Verdict | undefined): Html {
  const summary = result.summary ?? verdict?.summary;
  const part = (title: string, text: string, otherwise: string) =>
    html`<h3>${title}</h3>${prose(text.trim() || otherwise, 6_000)}`;
  if (result.outcome === 'answer' || result.outcome === 'plan' || summary === undefined)
    return html`${result.answer ? html`<h3>Its answer</h3>${prose(result.answer, 12_000)}` : ''}${result.reviewUrl ? html`<p>${link(result.reviewUrl, 'The review at GitHub')}</p>` : ''}`;
  return html`${part('What changed, in the words of the agent', summary.changed, 'It did not say.')}
${part('How it says it checked', summary.checked, 'It did not say.')}
${part('Risks that it names', summary.risks, 'None.')}`;
}

/** Who looked at it besides its author, and what they found. */
function drawEvidence(verdict: Verdict): Html {
  const { checks, gates, review, sessions, size } = verdict;
  const green = checks.filter(({ outcome }) => outcome === 'passed').length;
  const broken = checks.filter(isBroken).length;
  const ran =
    checks.length === 0
      ? 'No checks were run.'
      : `Errand ran ${checks.length} ${checks.length === 1 ? 'check' : 'checks'} on exactly these files: ${green} green${broken > 0 ? `, ${broken} broken by this change` : ''}.`;
  return html`<h3>What Errand verified</h3><ul>
<li>${ran}</li>
<li>${gates.length === 0 ? 'The fixed rules of the gate found nothing to object to.' : `The fixed rules of the gate found ${gates.length} ${gates.length === 1 ? 'thing' : 'things'}:`}${gates.length === 0 ? '' : html`<ul>${gates.map((finding) => html`<li><code>${shownLine(placeOf(finding), 200)}</code> ${shownLine(finding.say, 500)}</li>`)}</ul>`}</li>
<li>${drawReview(review)}</li>
${size === undefined ? '' : html`<li>${size.fileCount} ${size.fileCount === 1 ? 'file' : 'files'}, +${size.added} −${size.deleted}.</li>`}
${sessions.length === 0 ? '' : html`<li>It took ${describeCost(sumSessions(sessions))}.</li>`}
</ul>
<details class="task"><summary>How to read this</summary><p>An agent wrote the change in a sandbox: a copy of the project with no keys, and no network but the hosts that were opened. What it says of its own work stands above in its words. The rest does not come from it: Errand read the files itself, ran the checks on a fresh copy, looked for tricks by fixed rules (the gate), and asked another session that had not seen the author's conversation. Nothing is merged until a person approves exactly the commit that is shown here.</p></details>`;
}

const OPINIONS = {
  approved: 'A second agent, with fresh eyes, had no objection',
  objected: 'A second agent, with fresh eyes, objects',
  missing: 'The second opinion is missing',
} as const;

function drawReview(review: Review | undefined): Html {
  if (review === undefined) return html`Nobody but its author has looked at it.`;
  const who = shownLine(review.model === undefined ? review.agent : `${review.agent}, ${review.model}`, 80);
  const said = review.outcome === 'missing' ? (review.why ?? '') : (review.summary ?? '');
  return html`${OPINIONS[review.outcome]} (${who})${said ? html`: ${proseLine(said, 900)}` : '.'}
${review.findings.length === 0 ? '' : html`<ul>${review.findings.map((finding) => html`<li><strong>${finding.severity}</strong> ${placeOfFinding(finding) === undefined ? '' : html`<code>${shownLine(placeOfFinding(finding) ?? '', 200)}</code> `}${proseLine(finding.claim, 700)}${finding.fix === undefined ? '' : html` <em>Suggested:</em> ${proseLine(finding.fix, 500)}`}</li>`)}</ul>`}`;
}
