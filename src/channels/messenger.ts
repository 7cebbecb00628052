// A messenger as the program runs it: how it is listened to, and how fast what nobody asked for may go.

import type { Db } from "../db/connect.ts";
import type { Log } from "../log.ts";
import type { Channel, Incoming } from "./channel.ts";

/** What takes an update. It calls `waits` once its work is done and it only waits for somebody else: nobody waits with it. */
export type Handle = (update: object, waits?: () => void) => Promise<void>;

/** What a messenger needs to be listened to. */
export interface Listening {
  db: Db;
  log: Log;
  /** Where the program is reached over https; null: the messenger is asked for what came, again and again. */
  publicUrl: string | null;
  handle: Handle;
  /** Called when updates come, or are about to. */
  begun: () => void;
  signal: AbortSignal;
}

/** One bot in one messenger. */
export interface Messenger {
  /** Its name in the log and for the operator. */
  readonly title: string;
  /** For answers: they go at once, and count in the pace. */
  readonly channel: Channel;
  /** For what the program says by itself; whoever says it takes its `turn` before. */
  readonly unaskedChannel: Channel;
  /** Whether clients may be told what they have not asked for. */
  readonly tellsUnasked: boolean;
  /** Resolves when the next message that nobody has asked for may go; at once when aborted. */
  turn(signal: AbortSignal): Promise<void>;
  /** Learns what the bot is called, before anything is read or linked. An `OperatorError` when the token is refused. */
  learnName(signal: AbortSignal): Promise<void>;
  /**
   * What a person did; null where it is nothing that we hear, or was `handled` before: that is called once it was dealt with.
   * `wrong`: it is not what the messenger sends, by the names of its fields, without their contents; `update` is its number, if
   * it has one.
   */
  read(
    raw: object,
  ): Promise<
    { incoming: Incoming | null; handled?: () => Promise<void> } | { wrong: string; update?: unknown }
  >;
  /**
   * Where its updates come in: the path, the header of the secret that goes with each, and what is none at the first look. What
   * is delivered is handed on by `handed`, where the messenger keeps no order itself.
   */
  readonly webhook: {
    path: string;
    header: string;
    secret: string;
    isUpdate(body: unknown): boolean;
    handed?: (handle: Handle) => Handle;
  };
  /** Hands updates on until the signal, each one once. Begins after `learnName`. */
  listen(listening: Listening): Promise<void>;
}
