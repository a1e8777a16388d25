// What octokit throws, sorted into our kinds of trouble; and how repositories are searched.
import { describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/errors.ts';
import { isStatus, isUnclear, readRefusal, toFailure } from '../../src/github/failures.ts';
import { nameRefusedPull } from '../../src/github/pulls.ts';
import { type KnownRepo, searchRepositories } from '../../src/github/repositories.ts';

type Answer = { status: number; headers?: Record<string, string>; data?: unknown };

/** An error in the shape of octokit's RequestError; without an answer for a connection that was cut. */
function thrownWith(answer?: Answer): Error {
  const error = Object.assign(new Error('thrown'), { status: answer?.status ?? 500 });
  error.name = 'HttpError';
  return answer ? Object.assign(error, { response: { headers: {}, data: {}, ...answer } }) : error;
}

describe('sorting failures', () => {
  it('takes silence and failures of GitHub for transient and unclear', () => {
    for (const thrown of [
      thrownWith(),
      thrownWith({ status: 502 }),
      thrownWith({ status: 500, data: '<html>' }),
    ]) {
      expect(toFailure(thrown, 'testing')).toBeInstanceOf(TransientError);
      expect(isUnclear(thrown)).toBe(true);
    }
  });

  it('takes an answer that does not hold what was read in it for transient and unclear', () => {
    const misread = new TypeError("Cannot read properties of undefined (reading 'sha')");
    expect(toFailure(misread, 'testing')).toMatchObject({ name: 'TransientError', cause: misread });
    expect(isUnclear(misread)).toBe(true);
  });

  it('tells a rate limit from a lack of rights, both 403, and how long to wait', () => {
    const now = new Date(1_000_000);
    const limited = thrownWith({
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1090' },
    });
    expect(readRefusal(limited, now)?.retryAfterMs).toBe(90_000);
    expect(readRefusal(thrownWith({ status: 429, headers: { 'retry-after': '7' } }))?.retryAfterMs).toBe(
      7000,
    );
    const secondary = thrownWith({
      status: 403,
      data: { message: 'You have exceeded a secondary rate limit.' },
    });
    expect(toFailure(secondary, 'testing')).toMatchObject({ name: 'TransientError', retryAfterMs: 60_000 });
    expect(isStatus(secondary, 403)).toBe(false);
    const forbidden = thrownWith({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
    });
    expect(toFailure(forbidden, 'testing')).toMatchObject({
      name: 'PermanentError',
      code: 'github_forbidden',
    });
    expect(isStatus(forbidden, 403)).toBe(true);
  });

  it('keeps codes for what a person must mend and passes errors that are not of GitHub', () => {
    const code = (status: number) => toFailure(thrownWith({ status }), 'testing');
    expect(code(401)).toMatchObject({ code: 'github_auth' });
    expect(code(404)).toMatchObject({ code: 'github_not_found' });
    expect(code(422)).toMatchObject({ code: 'github_refused' });
    const bug = new RangeError('our own bug');
    expect(toFailure(bug, 'testing')).toBe(bug);
    const ours = new PermanentError('x', 'y');
    expect(toFailure(ours, 'testing')).toBe(ours);
  });
});

it('names what a 422 on opening a pull means', () => {
  const refused = (errors: unknown[]) => {
    const read = readRefusal(thrownWith({ status: 422, data: { message: 'Validation Failed', errors } }));
    if (!read) throw new Error('the answer was not read');
    return nameRefusedPull(read);
  };
  expect(refused([{ message: 'No commits between main and errand/J-1' }])).toEqual({ kind: 'no_commits' });
  expect(refused([{ field: 'base', code: 'invalid' }])).toMatchObject({ kind: 'refused', field: 'base' });
  expect(refused(['Something in words'])).toEqual({
    kind: 'refused',
    field: undefined,
    say: 'Something in words',
  });
});

it('searches repositories by any part of the name, best match first', () => {
  const known = (full: string): KnownRepo => {
    const [owner = '', name = ''] = full.split('/');
    const url = `https://github.test/${full}`;
    return {
      repo: { owner, name },
      defaultBranch: 'main',
      private: false,
      archived: false,
      url,
      canPush: true,
    };
  };
  const list = ['zeta/my-shop', 'acme/shop-web', 'acme/Shop', 'acme/other'].map(known);
  const names = (query: string) =>
    searchRepositories(list, query).map(({ repo }) => `${repo.owner}/${repo.name}`);
  expect(names('shop')).toEqual(['acme/Shop', 'acme/shop-web', 'zeta/my-shop']);
  expect(names('ACME/sh')).toEqual(['acme/Shop', 'acme/shop-web']);
  expect(names('')).toHaveLength(4);
  expect(names('nothing')).toEqual([]);
});
