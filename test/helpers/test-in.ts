/** A `test` for files whose tests each work in such a place as the others: each that takes one gets one of its own. */
import { test } from "bun:test";

/** As `test` of Bun, but a function that takes a parameter gets a place opened for it alone, closed when it is over. */
export function testIn<Place extends AsyncDisposable>(open: () => Promise<Place>) {
  const one = (name: string, run: (place: Place) => unknown, timeout?: number) => {
    const inPlace = async () => {
      await using place = await open();
      await run(place);
    };
    test(name, run.length === 0 ? (run as () => Promise<void>) : inPlace, timeout);
  };
  return Object.assign(one, { each: test.each.bind(test) as typeof test.each });
}
