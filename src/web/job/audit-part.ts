// The audit trail: who asked, decided and did what, when, and about which commit. Newest first.
import { html } from 'hono/html';
import { nameEvent } from '../../job/event-words.ts';
import { jobName } from '../../job/job.ts';
import type { AuditEntry } from '../../store/audit.ts';
import type { Html } from '../pages/layout.ts';
import { type Names, shownLine, time } from '../pages/text.ts';
import { commit } from './words.ts';

/** As many of the newest as the page shows. */
export const AUDIT_SHOWN = 300;

const DETAIL = [
  'phase',
  'title',
  'host',
  'ask',
  'code',
  'say',
  'branch',
  'answer',
  'reason',
  'runner',
  'outcome',
];

export function drawAudit(
  jobId: number,
  { entries, count, names }: { entries: readonly AuditEntry[]; count: number; names: Names },
): Html {
  const name = jobName({ id: jobId });
  const older =
    count > entries.length
      ? html`<p class="faint">The newest ${entries.length} of ${count}; <code>errand audit ${name}</code> has all.</p>`
      : '';
  return html`${older}<div class="wide" tabindex="0" role="region" aria-label="Audit trail"><table><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Commit</th><th scope="col">Status</th></tr></thead>
<tbody>${entries.toReversed().map((entry) => drawEntry(entry, names))}</tbody></table></div>`;
}

function drawEntry({ at, who, what, sha, from, to, detail, turn, attempt }: AuditEntry, names: Names): Html {
  const said = DETAIL.map((key) => detail[key]).find((value) => typeof value === 'string' && value !== '');
  const allowed =
    typeof detail['allowed'] === 'boolean' ? (detail['allowed'] ? ', allowed' : ', refused') : '';
  return html`<tr><td>${time(at)}</td><td>${who === undefined ? `turn ${turn}, attempt ${attempt}` : names(who)}</td><td>${shownLine(nameEvent(what), 80)}${allowed}${typeof said === 'string' ? html` <span class="faint">${shownLine(said, 160)}</span>` : ''}</td><td>${sha === undefined ? '' : html`${commit(shownLine(sha, 40))}`}</td><td>${to === undefined || to === from ? '' : shownLine(to.replaceAll('_', ' '), 20)}</td></tr>`;
}
