// Chance that can be had again: everything the chaos suite leaves to luck is drawn from one seeded generator.
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = ReturnType<typeof createRandom>;

/** The same seed draws the same numbers in the same order. */
export function createRandom(seed: number) {
  const generator = xoroshiro128plus(seed);
  /** A whole number, both ends included. */
  const int = (from: number, to: number) => uniformInt(generator, from, to);
  return {
    int,
    /** True in `percent` of a hundred draws. */
    chance: (percent: number) => int(1, 100) <= percent,
    pick<T>(from: readonly T[]): T {
      const picked = from[int(0, from.length - 1)];
      if (picked === undefined) throw new Error('There is nothing to pick from.');
      return picked;
    },
    /** The same things in another order (Fisher and Yates). */
    shuffle<T>(things: readonly T[]): T[] {
      const left = [...things];
      const drawn: T[] = [];
      while (left.length > 0) drawn.push(...left.splice(int(0, left.length - 1), 1));
      return drawn;
    },
  };
}
