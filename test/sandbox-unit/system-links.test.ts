// The names of NixOS and Guix stay inside a sandbox that hides /run.
import { expect, test } from 'vitest';
import { keepSystemLinks } from '../../src/sandbox/system-links.ts';

const LINE = 'bwrap --size 1 --tmpfs /run --tmpfs /run/x --dev /dev -- sh -c "a --tmpfs /run b"';

test('the system of NixOS is a link again behind the hidden /run, and nothing else of /run is', () => {
  expect(keepSystemLinks(LINE, () => '/nix/store/abc-nixos?24')).toBe(
    `bwrap --size 1 --tmpfs /run --symlink '/nix/store/abc-nixos?24' /run/current-system --tmpfs /run/x --dev /dev -- sh -c "a --tmpfs /run b"`,
  );
});

test('other machines, and those whose /run is no mount of its own, keep their line', () => {
  expect(keepSystemLinks(LINE, () => undefined)).toBe(LINE);
  expect(keepSystemLinks(LINE, (name) => name)).toBe(LINE);
  const open = LINE.replace(' --tmpfs /run ', ' ');
  expect(keepSystemLinks(open, () => '/nix/store/abc')).toBe(open);
});
