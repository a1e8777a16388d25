// Reviews of pulls that are not ours: read what a pull says of itself, post one review of it. What strangers wrote leaves here
// cleaned and bounded, but is still untrusted.
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import { cleanText, cutText } from './clean-text.ts';
import type { Client } from './client.ts';
import { asking, isUnclear, readRefusal } from './failures.ts';
import type { WhoAmI } from './identity.ts';
import { isMarked, type Mark, withMarker } from './issues.ts';

/** What a pull says of itself. */
export type PullText = Readonly<{
  title: string;
  body: string;
  author: string;
  /** It comes from another repository (one that is gone by now, too): whoever wrote it need not be let in here. */
  isFork: boolean;
}>;

export type ReviewWish = Readonly<{
  repo: Repo;
  number: number;
  /** The commit that was looked at. */
  headSha: string;
  body: string;
  /** On lines of the new files that are in the diff. */
  comments: readonly Readonly<{ path: string; line: number; body: string }>[];
  /** The text that stands alone where GitHub does not take one of the lines. */
  whole: string;
  /** Such as `errand:J-12:review`. */
  marker: string;
}>;

const MAX_BODY_CHARS = 20_000;

type PullAt = { owner: string; repo: string; pull_number: number };

/** The verbs for reviews; `postReview` may be repeated: the second time finds what the first one did. */
export function createReviews(options: { access: Access; whoAmI: WhoAmI }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;
  const toPath = (repo: Repo, number: number): PullAt => ({
    owner: repo.owner,
    repo: repo.name,
    pull_number: number,
  });

  return {
    async pullText(repo: Repo, number: number): Promise<PullText> {
      return asking(`reading pull #${number}`, async () => {
        const { data } = await (await clientOf(repo)).rest.pulls.get(toPath(repo, number));
        const { title, body, user, head, base } = data;
        return {
          title: cleanText(title),
          body: cutText(cleanText(body ?? ''), MAX_BODY_CHARS),
          author: user?.login ?? 'ghost',
          isFork: head.repo?.full_name !== base.repo.full_name,
        };
      });
    },

    /** Posts one review as a comment: it neither approves nor requests changes. Answers its address. */
    async postReview(wish: ReviewWish): Promise<Readonly<{ url: string; created: boolean }>> {
      return asking(`reviewing pull #${wish.number}`, async () => {
        const client = await clientOf(wish.repo);
        const at = toPath(wish.repo, wish.number);
        const mark = { marker: wish.marker, by: await options.whoAmI() };
        const found = await findReview(client, at, mark);
        if (found) return { url: found, created: false };
        try {
          return await post(client, at, wish);
        } catch (thrown) {
          const refused = readRefusal(thrown);
          // "Line could not be resolved": somebody pushed meanwhile, or GitHub shows another diff than git does.
          if (refused?.status === 422 && wish.comments.length > 0)
            return post(client, at, { ...wish, body: wish.whole, comments: [] });
          const written = isUnclear(thrown) ? await findReview(client, at, mark) : undefined;
          if (written === undefined) throw thrown;
          return { url: written, created: true };
        }
      });
    },
  };
}

async function post(client: Client, at: PullAt, { headSha, body, comments, marker }: ReviewWish) {
  const { data } = await client.rest.pulls.createReview({
    ...at,
    commit_id: headSha,
    event: 'COMMENT',
    body: withMarker(body, marker),
    // Marked too, so that Errand never hears its own words as somebody's wish.
    comments: comments.map((comment) => ({
      ...comment,
      body: withMarker(comment.body, marker),
      side: 'RIGHT',
    })),
  });
  return { url: data.html_url, created: true };
}

async function findReview(client: Client, at: PullAt, mark: Mark): Promise<string | undefined> {
  const pages = client.paginate.iterator(client.rest.pulls.listReviews, { ...at, per_page: 100 });
  for await (const { data } of pages) {
    const found = data.find((review) => isMarked(review, mark));
    if (found) return found.html_url;
  }
  return undefined;
}
