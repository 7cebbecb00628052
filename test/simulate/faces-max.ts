// A stand-in MAX as a messenger of a simulated world.

import type { MaxUpdate } from "../../src/standins/max/dialogs.ts";
import type { MaxShown } from "../../src/standins/max/messages.ts";
import type { MaxPerson } from "../../src/standins/max/people.ts";
import type { Max } from "../../src/standins/max/server.ts";
import {
  acting,
  type Call,
  type Done,
  type Face,
  type Key,
  linksIn,
  type Messenger,
  type Seen,
} from "./faces.ts";

/** The stand-in as people see it. */
export function maxFaces(max: Max, now: () => number): Messenger {
  /** Under which message each tap was, by the name that the messenger gave the tap. */
  const taps = new Map<string, string>();
  const messenger: Messenger = {
    ...{ channel: "max", bot: max.me.user_id, knowsAgain: true, acts: [] },
    face: ({ id, name, phone }) =>
      new MaxFace(messenger, max, max.person({ id, firstName: name, ...(phone && { phone }) }), {
        now,
        tapped: (update, message) => taps.set(update.callback?.callback_id ?? "", message),
      }),
    messages: (account) =>
      account.startsWith("max:") ? max.messages(Number(account.slice("max:".length))).map(seen) : [],
    calls: () =>
      max.calls.flatMap(({ at, route, query, body, person }) => {
        const message = query.message_id ?? taps.get(query.callback_id ?? "") ?? null;
        const said = contentOf(route, body);
        return said ? [{ at, account: `max:${person}`, message, ...said }] : [];
      }),
    quiet: () => max.webhook.idle,
    idle: () => max.idle(),
  };
  return messenger;
}

/** What can be read of a call; null of one that says nothing. */
function contentOf(route: string, body: unknown): Pick<Call, "text" | "keys"> | null {
  const said = route === "POST /answers" ? Object(body).message : /messages$/.test(route) ? body : null;
  if (said === null || said === undefined) return null;
  const { text, attachments } = Object(said);
  const rows = (Array.isArray(attachments) ? attachments : []).flatMap(
    (one) => (one?.type === "inline_keyboard" && (one.payload?.buttons as MaxShown["inline"])) || [],
  );
  return { text: String(text ?? ""), keys: keysOf(rows) };
}

const keysOf = (rows: MaxShown["inline"]): Key[] =>
  rows
    .flat()
    .flatMap(({ type, payload, text }) =>
      type === "callback" && payload ? [{ data: payload, label: text }] : [],
    );

const seen = ({ mid, from, text, html, at, inline }: MaxShown): Seen => ({
  ...{ id: mid, by: from, text, at, keys: keysOf(inline) },
  links: [...linksIn(text, html), ...inline.flat().flatMap(({ url }) => (url === undefined ? [] : [url]))],
});

class MaxFace implements Face {
  readonly account: string;

  constructor(
    readonly messenger: Messenger,
    private readonly max: Max,
    private readonly person: MaxPerson,
    private readonly world: { now: () => number; tapped: (update: MaxUpdate, message: string) => void },
  ) {
    this.account = `max:${person.profile.id}`;
  }

  get blocked(): boolean {
    return this.person.chat.blocked;
  }

  messages(): Seen[] {
    return this.person.chat.messages.map(seen);
  }

  start(payload?: string): Promise<Done> {
    return this.#done(this.person.start(payload), { text: payload ? `/start ${payload}` : "/start" });
  }

  say(text: string): Promise<Done> {
    return this.#done(this.person.say(text), { text });
  }

  share(phone = this.person.profile.phone ?? ""): Promise<Done> {
    return this.#done(this.person.shareContact(phone), { shared: phone });
  }

  forward({ phone, name }: { phone: string; name: string }): Promise<Done> {
    return this.#done(this.person.forwardContact({ phone, firstName: name }));
  }

  async tap(data: string, message: string): Promise<Done> {
    return this.#done(this.person.tap({ data }, { message }), { data }, (update) =>
      this.world.tapped(update, message),
    );
  }

  block(): Promise<Done> {
    return this.#done(this.person.block());
  }

  async #done(
    happens: Promise<MaxUpdate | undefined>,
    what: Pick<Done, "text" | "data" | "shared"> = {},
    then: (update: MaxUpdate) => void = () => {},
  ): Promise<Done> {
    const { now } = this.world;
    const at = now();
    const update = await acting(this, now, happens);
    if (update) then(update);
    const again = async () => update && acting(this, now, this.max.redeliver(update));
    return { ...what, at, face: this, again };
  }

  plant(text: string): void {
    const { messages } = this.person.chat;
    const bare = { markup: [], inline: [], photos: [], others: [], silent: false, edited: false };
    messages.push({ mid: `mid.planted${messages.length}`, seq: 0n, at: 0, from: "bot", text, ...bare });
  }
}
