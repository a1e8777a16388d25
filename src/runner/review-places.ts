// Reviewers name places that do not exist now and then. The finding is kept; the place is not.
import type { Review, ReviewFinding } from '../job/review.ts';
import type { Diff } from '../workspace/diff.ts';
import type { TurnRun } from './turn-run.ts';

/** Longer files are looked at so far. */
const LIMIT_BYTES = 1_000_000;

/** Keeps only places that are in the files of `treeSha` or were in the change. */
export async function keepPlaces(
  turn: TurnRun,
  review: Review,
  { treeSha, diff }: { treeSha: string; diff: Pick<Diff, 'files'> },
): Promise<Review> {
  const gone = new Set(diff.files.flatMap(({ path, oldPath }) => [path, oldPath ?? path]));
  const lengths = new Map<string, number | undefined>();
  const { repo } = turn.job();
  for (const path of new Set(review.findings.flatMap(({ file }) => (file ? [tidy(file)] : [])))) {
    const text = await turn.context.workspaces.readCommitted({
      repo,
      sha: treeSha,
      path,
      limitBytes: LIMIT_BYTES,
    });
    lengths.set(path, text === undefined ? undefined : text.split('\n').length);
  }
  const keep = ({ file, line, ...finding }: ReviewFinding): ReviewFinding => {
    const path = file === undefined ? undefined : tidy(file);
    const lines = path === undefined ? undefined : lengths.get(path);
    if (path === undefined || (lines === undefined && !gone.has(path))) return finding;
    return { ...finding, file: path, ...(line !== undefined && line <= (lines ?? 0) ? { line } : {}) };
  };
  return { ...review, findings: review.findings.map(keep) };
}

/** `./src/a.ts` and `/src/a.ts` mean `src/a.ts`. */
function tidy(file: string): string {
  return file.replace(/^(?:\.?\/)+/, '');
}
