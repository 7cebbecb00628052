/** A `test` for files whose tests each work in such a place as the others: each that takes one gets one of its own. */
import { test } from "bun:test";
import { onBoth, onEither } from "./both.ts";

/**
 * As `test` of Bun, but a function that takes a parameter gets a place opened for it alone, closed when it is over. `either` and
 * `both` are the same for walks: see both.ts.
 */
export function testIn<Place extends AsyncDisposable>(open: () => Promise<Place>) {
  type Run = (place: Place) => unknown;
  const within = (declare: (name: string, run: () => Promise<void>, timeout?: number) => void) => {
    return (name: string, run: Run, timeout?: number) => {
      const inPlace = async () => {
        await using place = await open();
        await run(place);
      };
      declare(name, run.length === 0 ? (run as () => Promise<void>) : inPlace, timeout);
    };
  };
  const each = test.each.bind(test) as typeof test.each;
  return Object.assign(within(test), { each, either: within(onEither), both: within(onBoth) });
}
