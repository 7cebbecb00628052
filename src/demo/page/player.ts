// Plays the tour by itself, at a pace to follow: says what comes, does it, waits for what follows, leaves time to read.

import { ask } from "./ask.ts";
import type { PageAction } from "./protocol.ts";

/** Before something is done, so that the eye is there; after it, so that it can be read. */
const [beforeMs, afterMs] = [1_100, 1_500];
/** Something that takes two actions: the second is taken when it can be, the same again after this long. */
const [lookMs, againMs] = [150, 6_000];
/** Longer than a killed program and a message that waits take on a slow machine. */
const patienceMs = 40_000;

/** What the player asks of the tour: `item` is what is to be done now, null when the step is over. */
interface Played {
  item: () => { isDone: () => boolean; action: () => PageAction | null; show: () => void } | null;
  /** Opens the next step; false when that was the last. */
  next: () => boolean;
  changed: () => void;
}

/** It stops by itself at the end, when nothing comes of what it did (`stuck`), and at whatever the visitor does. */
export function createPlayer({ item, next, changed }: Played) {
  /** Each start is a turn of its own: what an earlier one still waits for comes to nothing. */
  let turn = 0;
  let playing = false;
  let stuck = false;

  async function play(mine: number): Promise<void> {
    const on = () => playing && turn === mine;
    while (on()) {
      const now = item();
      if (!now) {
        if (!next()) return stop();
        continue;
      }
      now.show();
      await pause(beforeMs);
      if (on() && !(await isDone(now, on)) && on()) return stop(true);
      await pause(afterMs);
    }
  }

  async function isDone(now: NonNullable<ReturnType<Played["item"]>>, on: () => boolean): Promise<boolean> {
    let last = "";
    let askedAt = 0;
    for (const end = Date.now() + patienceMs; on() && Date.now() < end; await pause(lookMs)) {
      if (now.isDone()) return true;
      const action = now.action();
      const sum = JSON.stringify(action);
      if (!action || (sum === last && Date.now() - askedAt < againMs)) continue;
      if (last !== "") await pause(beforeMs);
      if (!on()) return false;
      [last, askedAt] = [sum, Date.now()];
      await ask(action);
    }
    return now.isDone();
  }

  function stop(because = false): void {
    if (!playing) return;
    [playing, stuck] = [false, because];
    changed();
  }

  // Whatever a visitor does themselves, the player's own keys aside, is theirs to go on from.
  for (const type of ["click", "input", "submit"])
    document.addEventListener(type, (event) => {
      const at = event.target instanceof Element ? event.target : null;
      if (event.isTrusted && at?.closest("button, a, input, select, form") && !at.closest("[data-player]"))
        stop();
    });

  return {
    get playing(): boolean {
      return playing;
    },
    get stuck(): boolean {
      return stuck;
    },
    start(): void {
      [playing, stuck] = [true, false];
      turn += 1;
      changed();
      void play(turn);
    },
    stop: () => stop(),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
