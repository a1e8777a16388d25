// Errand as a deployment behind a public address has it: one server that hears Slack's signed requests and serves the pages,
// behind a proxy that speaks https.
import { openErrand } from './errand.ts';
import { pageSettings } from './pages.ts';
import { openTlsProxy } from './tls-proxy.ts';

const SIGNING_SECRET = 'a-secret-of-ours';

export type ErrandOverHttps = Awaited<ReturnType<typeof openErrandOverHttps>>;

export async function openErrandOverHttps() {
  const proxy = await openTlsProxy();
  const settings = await pageSettings(proxy.url);
  const errand = await openErrand({
    slack: { signingSecret: SIGNING_SECRET },
    env: { ...settings, SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: SIGNING_SECRET },
  });
  proxy.leadTo(Number(settings['PORT']));
  await errand.slack.connectHttp({ requestUrl: `${proxy.url}/slack/events` });
  return {
    errand,
    url: proxy.url,
    async close() {
      await errand.close();
      await proxy.close();
    },
  };
}
