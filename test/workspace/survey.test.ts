// Looking around on a disk on which runners are at work.
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createGit } from '../../src/workspace/git.ts';
import { createPlaces } from '../../src/workspace/places.ts';
import { createSurvey } from '../../src/workspace/survey.ts';

test('what a runner removes while it is looked at is left out', async () => {
  const home = await mkdtemp(join(tmpdir(), 'errand-survey-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const real = createPlaces(home);
  for (const name of ['J-1', 'J-2']) {
    mkdirSync(join(real.jobs, name), { recursive: true });
    mkdirSync(join(real.kept, name), { recursive: true });
  }
  // Listing the folder asks for its place first, looking at what is in it asks again: by then the runner was there.
  const removesAtSecondLook = (place: string) => {
    let looks = 0;
    return () => {
      looks += 1;
      if (looks === 2) rmSync(join(place, 'J-1'), { recursive: true });
      return place;
    };
  };
  const [jobs, kept] = [removesAtSecondLook(real.jobs), removesAtSecondLook(real.kept)];
  const places = Object.defineProperties({ ...real }, { jobs: { get: jobs }, kept: { get: kept } });
  const git = createGit({ serverUrl: 'https://github.test', offline: true });
  const found = await createSurvey({ git, places })();
  expect(found.jobs.map(({ name }) => name)).toEqual(['J-2']);
  expect(found.kept.map(({ name }) => name)).toEqual(['J-2']);
});
