// Anna's chat in MAX: as she sees it, and what she does there.

import type { MaxButton } from "../standins/max/bodies.ts";
import type { MaxShown } from "../standins/max/messages.ts";
import type { MaxPerson } from "../standins/max/people.ts";
import type { Max } from "../standins/max/server.ts";
import type { ButtonView, Chat, Message, PageAction } from "./page/protocol.ts";
import { annaInMax } from "./salon.ts";

/** What MAX calls the looks of a text, by Telegram's names, which the page draws by. */
const looks: Record<string, string> = {
  ...{ strong: "bold", emphasized: "italic", underline: "underline", strikethrough: "strikethrough" },
  ...{ monospaced: "code", link: "text_link", highlighted: "bold", heading: "bold" },
};

export function annaIn(max: Max): MaxPerson {
  return max.person(annaInMax);
}

/** Her chat. MAX's messages have names and no numbers: the page gets their places, for none of them is ever taken away. */
export function maxChatView(max: Max): Chat {
  const { chat, profile, answeredCallbacks } = annaIn(max);
  const waiting = new Set(
    (max.webhook.pending as { message?: { body?: { mid: string } } }[]).map(
      ({ message }) => message?.body?.mid,
    ),
  );
  const answer = answeredCallbacks.findLast((one) => one.text);
  return {
    name: profile.firstName,
    phone: profile.phone ?? "",
    started: chat.started,
    messages: chat.messages.map((shown, place) => messageView(shown, place, waiting.has(shown.mid))),
    keyboard: [],
    commands: max.commands.map(({ name, description = "" }) => ({ command: name, description })),
    toast: answer ? { id: answer.id, text: answer.text ?? "", alert: false } : null,
  };
}

function messageView(shown: MaxShown, place: number, waiting: boolean): Message {
  const { at, from, text, markup, inline, photo, document, edited } = shown;
  return {
    ...{ id: place + 1, at, from, text, edited, waiting },
    marks: markup.map(({ type, from: offset, length, url }) => ({
      ...{ type: looks[type] ?? type, offset, length },
      ...(url !== undefined && { url }),
    })),
    inline: inline.map((row) => row.map(buttonView)),
    photo: photo?.id ?? null,
    file: document ? { id: document.id, name: document.name, bytes: document.bytes.length } : null,
    contact: phoneIn(shown),
    sticker: null,
  };
}

function phoneIn({ others }: MaxShown): string | null {
  const contact = others.find((one) => Object(one).type === "contact");
  const [, digits] = /^TEL[^:]*:\+?(\d+)/m.exec(Object(Object(contact).payload).vcf_info ?? "") ?? [];
  return digits === undefined ? null : `+${digits}`;
}

function buttonView({ type, text, payload, url }: MaxButton): ButtonView {
  if (type === "request_contact") return { text, contact: true };
  if (type === "message") return { text, says: true };
  if (type === "clipboard") return { text, copy: payload ?? "" };
  return { text, ...(url === undefined ? { data: payload ?? "" } : { url }) };
}

type InChat = Extract<PageAction, { do: "start" | "contact" | "say" | "link" | "tap" }>;

/** Not waited for: what cannot be delivered now waits there, and the page shows it. */
export function actInMax(max: Max, asked: InChat): void {
  const person = annaIn(max);
  const act = () => {
    switch (asked.do) {
      case "start":
        return person.start();
      case "contact":
        return person.shareContact();
      case "say":
        return person.say(asked.text);
      case "link":
        return person.start(asked.payload);
      case "tap": {
        const shown = person.chat.messages[asked.message - 1];
        return person.tap({ data: asked.data }, shown && { message: shown.mid });
      }
    }
  };
  act().catch(() => {}); // a button that is gone by now
}
