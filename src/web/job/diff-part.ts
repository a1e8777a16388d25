// The change as a diff, whole or of one turn, with what the gate and the reviewer found beside the lines they speak of.
import { randomBytes } from 'node:crypto';
import { html as drawDiffHtml, parse } from 'diff2html';
import { ColorSchemeType } from 'diff2html/lib/types.js';
import { html, raw } from 'hono/html';
import { isByPrograms } from '../../job/fit-patch.ts';
import { type Job, jobName } from '../../job/job.ts';
import { DIFFS_END } from '../../job/kept-files.ts';
import { standingVerdict } from '../../job/verdict.ts';
import type { TurnPatch } from '../../store/patches.ts';
import type { Html } from '../pages/layout.ts';
import { proseLine } from '../pages/markdown.ts';
import { link, shownLine } from '../pages/text.ts';
import { linkChange } from './outside-part.ts';
import { safePatch } from './patch-text.ts';
import { commit, short } from './words.ts';

/** Beyond this a browser has more to draw than anybody reads. */
const MOST_LINES = 6_000;

type DiffFile = ReturnType<typeof parse>[number];

/** Something that was found at a line of the new file. */
type Remark = Readonly<{
  file: string;
  line?: number | undefined;
  who: string;
  tone: 'ask' | 'bad';
  say: string;
}>;

export type DiffLook = Readonly<{
  patch: TurnPatch | undefined;
  /** Turns that have one, oldest first. */
  turns: readonly number[];
  /** Only what the turn added to what was shown before. */
  isStep: boolean;
}>;

export function drawDiff(job: Job, { patch, turns, isStep }: DiffLook): Html {
  if (patch === undefined) return drawNone(job);
  const shown = isStep && patch.step ? patch.step : patch.whole;
  const isNewest = patch.turn === turns.at(-1);
  const files = fitFiles(parse(safePatch(shown.text)));
  const isCut = shown.cut || files.some(({ lines }) => lines !== undefined);
  return html`${drawChoice(job, { patch, turns, isStep })}
${isNewest ? drawMoved(job, patch) : ''}
<p class="faint">${isStep ? sayStep(job, patch) : `Everything since ${shownLine(job.base, 60)} (${short(patch.baseSha)})`}, at ${commit(patch.headSha)}.${isCut ? html` <strong>Not all of it is shown here:</strong> ${link(wholeAt(job, patch), 'GitHub has the rest')}.` : ''}</p>
${drawFiles(files, { remarks: isNewest ? remarksOf(job) : [], wholeAt: wholeAt(job, patch) })}`;
}

/** There is none yet, there will be none, or it was forgotten. */
function drawNone(job: Job): Html {
  const about = job.pull ?? job.reviewOf;
  const p = (words: Html) => html`<p class="empty">${words}</p>`;
  if (!DIFFS_END.includes(job.status))
    return p(
      job.reviewOf
        ? html`Once the reviewer has looked, what it saw stands here with what it found.`
        : html`Nothing was pushed yet. Once the agent is done and the gate lets its change through, it stands here.`,
    );
  if (about === undefined) return p(html`No change came of this job.`);
  return p(
    html`The diff of a job that is over is kept here for some time only. ${link(`${about.url}/files`, `Pull request #${about.number}`)} shows it at GitHub.`,
  );
}

function sayStep({ reviewOf }: Job, { turn }: TurnPatch): string {
  return reviewOf ? `What came since the look before turn ${turn}` : `What turn ${turn} added`;
}

/** Somebody pushed, or a turn under way did: what is approved is not what is shown. */
function drawMoved(job: Job, { headSha }: TurnPatch): Html {
  if (job.pull === undefined || job.pull.headSha === headSha) return html``;
  return html`<div class="notice"><p><strong>This is not the newest commit.</strong> The pull request is at ${commit(job.pull.headSha)} now, and below stands ${commit(headSha)}. Look at ${linkChange(job, headSha)} at GitHub before you decide.</p></div>`;
}

function wholeAt({ pull, reviewOf, repoUrl }: Job, { baseSha, headSha }: TurnPatch): string {
  const about = pull ?? reviewOf;
  return about === undefined ? `${repoUrl}/compare/${baseSha}...${headSha}` : `${about.url}/files`;
}

function drawChoice(job: Job, { patch, turns, isStep }: Required<DiffLook> & { patch: TurnPatch }): Html {
  if (turns.length < 2) return html``;
  const at = (turn: number, step: boolean) =>
    `/jobs/${jobName(job)}/diff?turn=${turn}${step ? '&step=1' : ''}`;
  const item = (say: string, href: string, isThis: boolean) =>
    html`<li><a href="${href}" data-swap${isThis ? html` aria-current="true"` : ''}>${say}</a></li>`;
  const newest = turns.at(-1) ?? patch.turn;
  return html`<nav aria-label="Which part of the change"><ul class="choice">${item('All of it', at(newest, false), patch.turn === newest && !isStep)}${turns.map((turn, index) => item(`Turn ${turn}`, at(turn, index > 0), patch.turn === turn && (isStep || (index === 0 && turn !== newest))))}</ul></nav>`;
}

/** The library's own blocks, without the box to tick off: only scripts of the library's would hear it. */
const FILE = `<details class="d2h-file-wrapper" open id="{{fileHtmlId}}"><summary class="d2h-file-header">{{{filePath}}}</summary>
<div class="d2h-file-diff" tabindex="0" role="region" aria-label="Changes of a file"><div class="d2h-code-wrapper"><table class="d2h-diff-table"><tbody class="d2h-diff-tbody">{{{diffs}}}</tbody></table></div></div></details>`;
const NAME = `<span class="d2h-file-name-wrapper">{{>fileIcon}}<span class="d2h-file-name">{{fileDiffName}}</span>{{>fileTag}}</span>`;
const LIST = `<ol class="d2h-file-list" aria-label="Files">{{{files}}}</ol>`;

type Placing = Readonly<{ remarks: readonly Remark[]; wholeAt: string }>;

function drawFiles(files: readonly Fitted[], { remarks, wholeAt: address }: Placing): Html {
  if (files.length === 0) return html`<p class="empty">No file differs.</p>`;
  const mark = `row-${randomBytes(12).toString('hex')}-`;
  const placed = placeRows(files, { remarks, mark, wholeAt: address });
  const drawn = drawDiffHtml([...placed.files], {
    outputFormat: 'line-by-line',
    drawFileList: files.length > 1,
    matching: 'none',
    // Comparing words within lines is what takes long.
    diffMaxLineLength: 1_000,
    colorScheme: ColorSchemeType.AUTO,
    rawTemplates: {
      'line-by-line-file-diff': FILE,
      'generic-file-path': NAME,
      'file-summary-wrapper': LIST,
    },
  });
  const withRows = drawn.replaceAll(
    new RegExp(`<tr>(?:(?!</tr>)[\\s\\S])*?${mark}(\\d+)(?:(?!</tr>)[\\s\\S])*?</tr>`, 'g'),
    (_row, index: string) => String(placed.rows[Number(index)] ?? ''),
  );
  const lost = placed.unplaced.map((remark) => html`<li>${sayRemark(remark, true)}</li>`);
  // The library has escaped names and lines; our own rows were escaped above.
  return html`${lost.length === 0 ? '' : html`<h3>Found, but at no line that is shown here</h3><ul>${lost}</ul>`}${raw(withRows)}`;
}

function drawRemark(remark: Remark): Html {
  return html`<tr class="remark ${remark.tone}"><td colspan="2"><div>${sayRemark(remark, false)}</div></td></tr>`;
}

function drawOmitted(lines: number, address: string): Html {
  return html`<tr class="omitted"><td colspan="2"><div><strong>${lines} lines, not shown here:</strong> ${link(address, 'open it at GitHub')}</div></td></tr>`;
}

function sayRemark({ file, line, who, say }: Remark, withPlace: boolean): Html {
  const place = line === undefined ? file : `${file}:${line}`;
  return html`<strong>${who}</strong> ${withPlace ? html`<code>${shownLine(place, 200)}</code> ` : ''}${proseLine(say, 900)}`;
}

function remarksOf(job: Job): readonly Remark[] {
  const verdict = standingVerdict(job.results);
  const gates = (verdict?.gates ?? []).map(({ file, line, severity, say }) => ({
    file,
    line,
    who: 'Gate',
    tone: severity === 'block' ? ('bad' as const) : ('ask' as const),
    say,
  }));
  const review = (verdict?.review?.findings ?? []).flatMap(({ file, line, severity, claim, fix }) =>
    file === undefined
      ? []
      : [
          {
            file,
            line,
            who: `Reviewer, ${severity}`,
            tone: severity === 'blocking' ? ('bad' as const) : ('ask' as const),
            say: fix === undefined ? claim : `${claim} Suggested: ${fix}`,
          },
        ],
  );
  return [...gates, ...review];
}

/**
 * A remark goes below its line: the block is parted there, and the second part's header, which the library draws as a row of
 * its own, carries the mark by which that row is found again. What is said of an omitted file stands in the same way. Nobody
 * else can know the mark.
 */
function placeRows(
  files: readonly Fitted[],
  { remarks, mark, wholeAt: address }: Placing & Readonly<{ mark: string }>,
) {
  const rows: Html[] = [];
  const done = new Set<Remark>();
  const header = (row: Html) => `${mark}${rows.push(row) - 1}`;
  const marked = files.map(({ file, lines: omitted }) => {
    if (omitted !== undefined) {
      const [first] = file.blocks;
      const said = { header: header(drawOmitted(omitted, address)), lines: [] };
      return { ...file, blocks: first === undefined ? [] : [{ ...first, ...said }] };
    }
    const own = remarks.filter((remark) => remark.file === file.newName);
    const blocks = file.blocks.flatMap((block) => {
      const parts = [{ ...block, lines: [] as typeof block.lines }];
      for (const line of block.lines) {
        parts.at(-1)?.lines.push(line);
        for (const remark of own) {
          if (done.has(remark) || remark.line === undefined || line.newNumber !== remark.line) continue;
          done.add(remark);
          parts.push({ ...block, header: header(drawRemark(remark)), lines: [] });
        }
      }
      return parts;
    });
    return { ...file, blocks };
  });
  return { files: marked, rows, unplaced: remarks.filter((remark) => !done.has(remark)) };
}

/** A file of the change; `lines` where it is not shown: how many of them are missing. */
type Fitted = Readonly<{ file: DiffFile; lines?: number }>;

/** As many files as fit, whole: those that people write first, short ones before long ones. In the order of the patch. */
function fitFiles(files: readonly DiffFile[]): readonly Fitted[] {
  const sized = files.map((file) => ({
    file,
    lines: file.blocks.reduce((sum, { lines: { length } }) => sum + length, 0),
    rank: isByPrograms(file.isDeleted ? file.oldName : file.newName) ? 1 : 0,
  }));
  const fitting = new Set<DiffFile>();
  let room = MOST_LINES;
  for (const { file, lines } of sized.toSorted(
    (one, other) => one.rank - other.rank || one.lines - other.lines,
  )) {
    if (lines > room) continue;
    room -= lines;
    fitting.add(file);
  }
  return sized.map(({ file, lines }) => (fitting.has(file) ? { file } : { file, lines }));
}
