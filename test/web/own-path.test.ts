// Where a sign-in may go on to, and when there are pages at all.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownPath } from '../../src/web/sign-in/own-path.ts';
import { whyNoPages } from '../../src/web/site.ts';

const site = { publicUrl: 'https://errand.example.com' };

describe('after the sign-in', () => {
  test('a path of ours is kept with its question', () => {
    expect(ownPath('/jobs/J-12?before=4', site)).toBe('/jobs/J-12?before=4');
  });

  test.for([
    undefined,
    '',
    'jobs',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/sign-in/slack?to=/',
    '/sign-out',
    `/${'x'.repeat(600)}`,
  ])('%s leads to the start page', (wanted) => {
    expect(ownPath(wanted, site)).toBe('/');
  });

  test('nothing leads to another host', () => {
    fc.assert(
      fc.property(fc.string(), (wanted) => {
        const path = ownPath(`/${wanted}`, site);
        expect(new URL(path, site.publicUrl).origin).toBe(site.publicUrl);
        expect(path).toMatch(/^\/(?!\/)/);
      }),
    );
  });
});

describe('pages are off', () => {
  const all = { publicUrl: 'https://errand.example.com', port: 80, oauth: {} };

  test('unless all they need is set', () => {
    expect(whyNoPages(all)).toBeUndefined();
    expect(whyNoPages({ ...all, publicUrl: 'http://localhost:3000' })).toBeUndefined();
    expect(whyNoPages({ publicUrl: undefined, port: undefined, oauth: undefined })).toBe(
      'set PORT, PUBLIC_URL, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET',
    );
    expect(whyNoPages({ ...all, oauth: undefined })).toBe('set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET');
  });

  test('where Slack would sign nobody in', () => {
    expect(whyNoPages({ ...all, publicUrl: 'http://errand.example.com' })).toContain('https');
    expect(whyNoPages({ ...all, publicUrl: 'https://example.com/errand' })).toContain('without a path');
  });
});
