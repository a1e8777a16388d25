// The change as a diff, whole or of one turn, with what the gate and the reviewer found beside the lines they speak of.
import { randomBytes } from 'node:crypto';
import { html as drawDiffHtml, parse } from 'diff2html';
import { ColorSchemeType } from 'diff2html/lib/types.js';
import { html, raw } from 'hono/html';
import { type Job, jobName } from '../../job/job.ts';
import { standingVerdict } from '../../job/verdict.ts';
import type { TurnPatch } from '../../store/patches.ts';
import type { Html } from '../pages/layout.ts';
import { shownLine } from '../pages/text.ts';
import { safePatch } from './patch-text.ts';
import { short } from './words.ts';

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
  if (patch === undefined)
    return html`<p class="empty">Nothing was pushed yet. Once the agent is done and the gate lets its change through, it stands here.</p>`;
  const shown = isStep && patch.step ? patch.step : patch.whole;
  const isNewest = patch.turn === turns.at(-1);
  return html`${drawChoice(job, { patch, turns, isStep })}
<p class="faint">${isStep ? `What turn ${patch.turn} added` : `Everything since ${shownLine(job.base, 60)} (${short(patch.baseSha)})`}, at <code>${short(patch.headSha)}</code>.${shown.cut ? ' Only the beginning: the pull request at GitHub has all of it.' : ''}</p>
${drawPatch(shown.text, isNewest ? remarksOf(job) : [])}`;
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

function drawPatch(patch: string, remarks: readonly Remark[]): Html {
  const files = cutFiles(parse(safePatch(patch)));
  if (files.length === 0) return html`<p class="empty">No file differs.</p>`;
  const mark = `remark-${randomBytes(12).toString('hex')}-`;
  const placed = placeRemarks(files, remarks, mark);
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
  const withRemarks = drawn.replaceAll(
    new RegExp(`<tr>(?:(?!</tr>)[\\s\\S])*?${mark}(\\d+)(?:(?!</tr>)[\\s\\S])*?</tr>`, 'g'),
    (_row, index: string) => {
      const remark = placed.placed[Number(index)];
      return remark === undefined ? '' : String(drawRemark(remark));
    },
  );
  const lost = placed.unplaced.map((remark) => html`<li>${sayRemark(remark, true)}</li>`);
  // The library has escaped names and lines; the remarks were escaped above.
  return html`${lost.length === 0 ? '' : html`<h3>Found, but at no line that is shown here</h3><ul>${lost}</ul>`}${raw(withRemarks)}`;
}

function drawRemark(remark: Remark): Html {
  return html`<tr class="remark ${remark.tone}"><td colspan="2"><div>${sayRemark(remark, false)}</div></td></tr>`;
}

function sayRemark({ file, line, who, say }: Remark, withPlace: boolean): Html {
  const place = line === undefined ? file : `${file}:${line}`;
  return html`<strong>${who}</strong> ${withPlace ? html`<code>${shownLine(place, 200)}</code> ` : ''}${shownLine(say, 900)}`;
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
 * its own, carries the mark by which that row is found again. Nobody else can know the mark.
 */
function placeRemarks(files: readonly DiffFile[], remarks: readonly Remark[], mark: string) {
  const placed: Remark[] = [];
  const done = new Set<Remark>();
  const marked = files.map((file) => {
    const own = remarks.filter((remark) => remark.file === file.newName);
    const blocks = file.blocks.flatMap((block) => {
      const parts = [{ ...block, lines: [] as typeof block.lines }];
      for (const line of block.lines) {
        parts.at(-1)?.lines.push(line);
        for (const remark of own) {
          if (done.has(remark) || remark.line === undefined || line.newNumber !== remark.line) continue;
          done.add(remark);
          placed.push(remark);
          parts.push({ ...block, header: `${mark}${placed.length - 1}`, lines: [] });
        }
      }
      return parts;
    });
    return { ...file, blocks };
  });
  return { files: marked, placed, unplaced: remarks.filter((remark) => !done.has(remark)) };
}

/** The first files whose lines fit; of the others the name stands. */
function cutFiles(files: readonly DiffFile[]): readonly DiffFile[] {
  let room = MOST_LINES;
  return files.map((file) => {
    const lines = file.blocks.reduce((sum, { lines: { length } }) => sum + length, 0);
    room -= lines;
    return room >= 0 ? file : { ...file, blocks: [], isTooBig: true };
  });
}
