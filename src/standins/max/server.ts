// A stand-in for the API of MAX over real HTTP: starts it, reads every call and hands it to its route.
import { MaxDeliveries } from "./deliveries.ts";
import { type MaxDialog, MaxDialogs, type MaxUpdate } from "./dialogs.ts";
import { MaxDoor } from "./door.ts";
import { CallMeter, MaxFaults, type MaxLimits } from "./faults.ts";
import { MaxUploads } from "./files.ts";
import type { MaxProfile, MaxShown, MaxUser } from "./messages.ts";
import { MaxPerson } from "./people.ts";
import { UpdateQueue } from "./queue.ts";
import { likelyReading, type MaxReading } from "./readings.ts";
import type { MaxParts } from "./routes.ts";
import { userOf } from "./writers.ts";

/** `token`, the bot's; `nick`, its name in links; `now` in milliseconds; `limits` are calls a second. */
export type MaxOptions = {
  token: string;
  nick?: string;
  botId?: number;
  now?: () => number;
  limits?: Partial<MaxLimits>;
  readings?: Partial<MaxReading>;
};

/** The running stand-in. */
export type Max = ReturnType<typeof startMax>;

/**
 * Starts a MAX of its own on a free port of 127.0.0.1, and its upload host on another. `url` is the base to give to a bot;
 * nothing leaves the machine but posts to the subscriptions that the bot makes. Stop it with `stop()`.
 */
export function startMax({
  token,
  nick = "id7700000000_bot",
  botId = 277_639_678,
  now = Date.now,
  limits: wantedLimits,
  readings: wantedReadings,
}: MaxOptions) {
  const me: MaxUser = {
    ...{ user_id: botId, first_name: nick, last_name: "", username: nick, is_bot: true, name: nick },
    last_activity_time: now(),
  };
  const faults = new MaxFaults();
  const readings: MaxReading = { ...likelyReading, ...wantedReadings };
  const limits: MaxLimits = { perSecond: 30, perChatPerSecond: 2, pollsPerSecond: 2, ...wantedLimits };
  const people = new Map<number, MaxPerson>();
  const meter = new CallMeter();
  const queue = new UpdateQueue(now);
  const webhook = new MaxDeliveries(queue, now, readings);
  const dialogs = new MaxDialogs(me, now, readings, (update) => webhook.add(update));
  const files = new MaxUploads(() => `http://127.0.0.1:${uploadHost.port}`, readings);
  const parts: MaxParts = { dialogs, webhook, queue, files, readings, limits, meter, commands: [] };
  const door = new MaxDoor(parts, faults, () => token);

  const local = { hostname: "127.0.0.1", port: 0, idleTimeout: 0 } as const;
  const uploadHost = Bun.serve({ ...local, fetch: (request) => door.upload(request) });
  const apiHost = Bun.serve({ ...local, fetch: (request) => door.api(request) });
  const servers = [uploadHost, apiHost];
  const url = `http://127.0.0.1:${apiHost.port}`;

  return {
    /** The base of the API, without a slash at the end. */
    url,
    me,
    calls: door.calls,
    faults,
    limits,
    readings,
    files,
    /** The subscriptions the bot made, and how posts to them behave. */
    webhook,
    /** How long updates wait for a poll. */
    queue,

    /** The person with this id, made at the first call. Their dialog has an id of its own. */
    person(profile: MaxProfile): MaxPerson {
      const known = people.get(profile.id);
      if (known) return known;
      const chat = dialogs.open(userOf(profile, now()));
      const person = new MaxPerson(dialogs, () => token, profile, chat);
      people.set(profile.id, person);
      return person;
    },
    /** The menu of commands, the same for everybody. */
    get commands() {
      return parts.commands;
    },
    /** A person's dialog as it is now, if there is one. */
    chat: (userId: number): MaxDialog | undefined => dialogs.of(userId),
    /** The messages of a person's dialog as they see them now, oldest first. */
    messages: (userId: number): MaxShown[] => dialogs.of(userId)?.messages ?? [],
    /** Sends an update as it is, junk too, asked for or not; resolves when it has been delivered. */
    push: (update: unknown): Promise<void> => webhook.add(update, true),
    /** Delivers an update once more, as it was. */
    redeliver: (update: MaxUpdate | undefined): Promise<void> => webhook.add(update, true),
    /** Gives the bot another token: the old one is refused from now on, and what it has signed proves nothing. */
    renewToken(other: string): void {
      token = other;
    },
    /** Calls back after every change of a dialog, with the person's user id; returns what ends that. */
    onChange: (listener: (userId: number) => void): (() => void) => dialogs.onChange(listener),
    /** Serves the same by TLS too, with this key and this chain (PEM); the address, for `localhost`. */
    secure(tls: { key: string; cert: string }): string {
      const server = Bun.serve({ ...local, tls, fetch: (request) => door.api(request) });
      servers.push(server);
      return `https://localhost:${server.port}`;
    },
    /** Resolves when no update waits or is being delivered and no call is being answered: never, if nobody listens. */
    async idle(): Promise<void> {
      while (door.active > 0 || !webhook.idle) await Bun.sleep(2);
    },
    /** Stops the servers and lets go of everybody who waits for a delivery. Fails if the token went to the upload host. */
    async stop(): Promise<void> {
      webhook.stop();
      for (const server of servers) await server.stop(true);
      if (files.authorized > 0) throw new Error("The token of the bot was sent to the upload host");
    },
  };
}
