// Answers of the REST API as values: shapes of success, of GitHub's errors, and of paged lists.
export type Answer = {
  status: number;
  body?: unknown;
  /** Instead of a body of JSON. */
  text?: string;
  /** Sent as it stands, though the headers promise JSON. */
  raw?: string;
  headers?: Record<string, string>;
};

export type FieldError = { resource: string; code: string; field?: string; message?: string };

const DOCUMENTATION_URL = 'https://docs.github.com/rest';

/** Thrown by handlers to end a request with one of GitHub's error answers. Carries the answer, nothing else. */
export class ApiError extends Error {
  readonly answer: Answer;
  constructor(answer: Answer, message: string) {
    super(message);
    this.answer = answer;
  }
}

/** Builds an error in GitHub's shape: `{message, documentation_url, status, errors?}`. */
export function apiError(
  status: number,
  message: string,
  more: { errors?: readonly (FieldError | string)[]; headers?: Record<string, string> } = {},
): ApiError {
  const body = {
    message,
    ...(more.errors ? { errors: more.errors } : {}),
    documentation_url: DOCUMENTATION_URL,
    status: String(status),
  };
  return new ApiError({ status, body, ...(more.headers ? { headers: more.headers } : {}) }, message);
}

export const notFound = () => apiError(404, 'Not Found');
export const validationFailed = (...errors: FieldError[]) => apiError(422, 'Validation Failed', { errors });

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const plainText = (text: string): Answer => ({ status: 200, text });
export const noContent = (): Answer => ({ status: 204 });

const MAX_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 30;

/** Cuts one page out of `items` by `page` and `per_page`, with GitHub's Link header. `wrap` shapes the body. */
export function paged<T>(
  url: URL,
  items: readonly T[],
  wrap: (page: T[]) => unknown = (page) => page,
): Answer {
  const perPage = Math.min(positive(url.searchParams.get('per_page'), DEFAULT_PER_PAGE), MAX_PER_PAGE);
  const page = positive(url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (target: number, rel: string) => {
    const to = new URL(url);
    to.searchParams.set('page', String(target));
    return `<${to.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ];
  const body = wrap(items.slice((page - 1) * perPage, page * perPage));
  return { status: 200, body, headers: links.length > 0 ? { link: links.join(', ') } : {} };
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}
