// What may be taken for an answer of Slack's. A proxy's page or half an answer with a good status would otherwise pass for
// Slack's refusal (@slack/web-api 8.2, `buildResult`), and what Slack did all the same would be done twice.

/** Where Slack says "too often" without saying how long, and the most that is believed. */
const UNTOLD_LIMIT_S = 5;
const MOST_LIMIT_S = 3_600;

/** Throws where Slack's answer is none, which the SDK then takes for no answer; gives every limit a time in seconds. */
export async function wholeAnswer(response: Response): Promise<Response> {
  if (response.status === 429) return timedLimit(response);
  if (response.status !== 200) return response;
  const text = await response.text();
  if (!isAnswer(text)) throw new Error('200 came with something that is no answer of Slack.');
  return new Response(text, response);
}

/** The SDK takes a limit that names no seconds for an error without a name. */
async function timedLimit(response: Response): Promise<Response> {
  await response.body?.cancel();
  const told = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const seconds = told > 0 ? Math.min(told, MOST_LIMIT_S) : UNTOLD_LIMIT_S;
  const headers = new Headers(response.headers);
  headers.set('retry-after', String(seconds));
  return new Response(null, { status: response.status, headers });
}

/** Every answer says whether it is a good one, and every bad one why (docs.slack.dev, Web API). */
function isAnswer(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false;
    return (
      answer.ok === true || (answer.ok === false && 'error' in answer && typeof answer.error === 'string')
    );
  } catch {
    return false;
  }
}
