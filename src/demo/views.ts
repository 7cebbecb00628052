// What the page shows of the stand-ins: the journal and the chats as people see them now.

import { dayOf } from "../rules/time.ts";
import type { Shown } from "../standins/telegram/chats.ts";
import type { Person } from "../standins/telegram/people.ts";
import type { Telegram } from "../standins/telegram/server.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import { paidFor, priceOf } from "../standins/yclients/record.ts";
import type { ButtonView, Chat, Message, Visit } from "./page/protocol.ts";
import { company } from "./salon.ts";

/** The branch's visits by their time, time blocks left out. */
export function journalView(journal: Journal): Visit[] {
  const today = dayOf(new Date(), company.timeZone);
  return journal
    .records(company.id)
    .filter((record) => record.client !== null)
    .map((record) => ({
      id: record.id,
      at: record.datetime.slice(0, 16),
      today: record.datetime.startsWith(today),
      client: record.client?.name ?? "",
      phone: record.client?.phone ?? "",
      title: record.services.map((service) => service.title).join(", "),
      price: priceOf(record),
      paid: paidFor(record),
      attendance: record.attendance,
      paidFull: record.paid_full === 1,
      prepaid: record.prepaid,
      deleted: record.deleted,
    }))
    .sort((one, other) => one.at.localeCompare(other.at) || one.id - other.id);
}

/** A person's chat with the bot. */
export function chatView(person: Person, telegram: Telegram): Chat {
  const { chat, profile } = person;
  const waiting = new Set(
    (
      telegram.webhook.pending as { message?: Pick<Shown, "message_id"> & { chat: { id: number } } }[]
    ).flatMap(({ message }) => (message?.chat.id === chat.info.id ? [message.message_id] : [])),
  );
  const answer = person.answeredCallbacks.findLast((one) => one.text);
  return {
    name: profile.firstName,
    phone: profile.phone ?? "",
    started: chat.started,
    messages: chat.messages.map((shown) => messageView(shown, waiting.has(shown.message_id))),
    keyboard: chat.keyboard.map((row) =>
      row.map((key) => {
        const { text, ...does } = typeof key === "string" ? { text: key } : key;
        return { text, contact: "request_contact" in does };
      }),
    ),
    commands: telegram.commandsFor(person),
    toast: answer ? { id: answer.id, text: answer.text ?? "", alert: answer.show_alert === true } : null,
  };
}

function messageView(shown: Shown, waiting: boolean): Message {
  const { photo, document, contact } = shown;
  return {
    id: shown.message_id,
    at: shown.date * 1000,
    from: shown.from,
    text: shown.text,
    marks: shown.entities.map((one) => ({
      ...{ type: one.type, offset: one.offset, length: one.length },
      ...("url" in one && { url: one.url }),
    })),
    inline: shown.inline.map((row) => row.map(buttonView)),
    photo: photo?.id ?? null,
    file: document ? { id: document.id, name: document.name, bytes: document.bytes.length } : null,
    contact: contact ? `+${contact.phone_number.replace(/^\+/, "")}` : null,
    sticker: shown.sticker ?? null,
    edited: shown.edited,
    waiting,
  };
}

function buttonView(button: Shown["inline"][number][number]): ButtonView {
  return {
    text: button.text,
    ...("callback_data" in button && { data: button.callback_data }),
    ...("url" in button && { url: button.url }),
    ...("copy_text" in button && { copy: button.copy_text.text }),
  };
}
