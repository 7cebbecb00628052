// Numbers from a seed: the same seed, the same numbers, on every machine.

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, `below`. */
  below(below: number): number {
    return Math.floor(this.#next() * below);
  }

  one<T>(of: readonly T[]): T {
    const picked = of[this.below(of.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of the values, as often as its weight says. */
  weighed<T>(of: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.below(of.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of of) {
      left -= weight;
      if (left < 0) return value;
    }
    throw new Error("no weights");
  }

  // mulberry32
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
