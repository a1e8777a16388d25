// Where a sign-in goes on to: a path of ours, or the start page. An address of somebody else's would make our sign-in their
// bait. Pure.
import type { Site } from '../site.ts';

const LONGEST = 500;

/** `/jobs/J-12?turn=2` as it is; `//evil.example`, `/\evil.example`, `https:…` and the sign-in itself become `/`. */
export function ownPath(wanted: string | undefined, { publicUrl }: Pick<Site, 'publicUrl'>): string {
  if (wanted === undefined || wanted.length > LONGEST || !/^\/(?![/\\])/.test(wanted)) return '/';
  const base = new URL(publicUrl);
  const url = URL.parse(wanted, base.href);
  if (url === null || url.origin !== base.origin || /^\/sign-(in|out)/.test(url.pathname)) return '/';
  return url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}`;
}
