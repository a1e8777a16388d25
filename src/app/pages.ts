// The pages for people, where the settings are there for them; else one line in the log that says what is missing.
import type { ActionContext } from '../actions/act.ts';
import type { SlackConfig } from '../config/slack.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import type { WebRoute } from '../web/server.ts';
import { type Viewers, whyNoPages } from '../web/site.ts';

type Given = Readonly<{
  slack: SlackConfig;
  port: number | undefined;
  publicUrl?: string | undefined;
  context: ActionContext;
  redactor: Redactor;
  log: Log;
}>;

export type OpenPages = Readonly<{
  /** Where people find them, without a slash at the end. */
  url: string;
  routes: (viewers: Viewers) => readonly WebRoute[];
  /** Ends what would hold up the end of the web server. */
  close(): void;
}>;

/** Loads what pages are made of only where there are some. */
export async function openPages(given: Given): Promise<OpenPages | undefined> {
  const { slack, port, publicUrl, context, redactor } = given;
  const { oauth } = slack;
  const why = whyNoPages({ publicUrl, port, oauth });
  if (why !== undefined || publicUrl === undefined || oauth === undefined) {
    given.log.info({ say: `There are no pages. To have some, ${why}.` }, 'web.pages.off');
    return undefined;
  }
  const { createPages } = await import('../web/pages/create-pages.ts');
  const log = given.log.child({ part: 'web' });
  const closers: (() => void)[] = [];
  return {
    url: publicUrl,
    routes(viewers) {
      const pages = createPages({
        publicUrl,
        client: { issuer: new URL(slack.apiUrl).origin, ...oauth },
        viewers,
        actions: context,
        log,
        redact: redactor.text,
      });
      closers.push(pages.close);
      return pages.routes;
    },
    close: () => {
      for (const close of closers) close();
    },
  };
}
