// Real updates of MAX of every kind, as people and forgers would make them: what the fuzzing of its webhook starts from.
import { createHmac } from "node:crypto";
import type { Random } from "./random.ts";
import { callbackData, commands, type Known, type Sender, startParameter, tillWords } from "./updates.ts";

export const MAX_TOKEN = "f9LHodD0cOKAAEcheckwords0123456789";
const botId = 277_639_678;

const others: readonly [object, ...object[]] = [
  { type: "image", payload: { photo_id: 1, token: "a", url: "https://i.oneme.ru/i" } },
  { type: "video", payload: { token: "a" } },
  { type: "audio", payload: { id: 1, token: "a" }, transcription: "баланс" },
  { type: "file", payload: { fileId: 1, token: "a" }, filename: "a.pdf" },
  { type: "sticker", payload: { code: "a1b2c3", url: "https://i.oneme.ru/s" } },
  { type: "location", latitude: 55.7, longitude: 37.6 },
  { type: "share", payload: { url: "https://x.ru" }, title: "Страница" },
  { type: "no_such_kind" },
];
const unasked = [
  ...["message_removed", "bot_added", "bot_removed", "user_added", "user_removed", "chat_title_changed"],
  ...["dialog_cleared", "dialog_muted", "dialog_unmuted", "comment_created", "no_such_kind"],
] as const;

/** The card of a number, as MAX writes it, and what MAX signs it with. */
function signedCard(phone: string, name: string, token = MAX_TOKEN) {
  const lines = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    `TEL;TYPE=cell:${phone.replace("+", "")}`,
    `FN:${name}`,
    "END:VCARD",
    "",
  ];
  const vcf_info = lines.join("\r\n");
  return { vcf_info, hash: createHmac("sha256", token).update(vcf_info).digest("hex") };
}

/** One update of this sender, as MAX would send it. */
export function realMaxUpdate(
  r: Random,
  n: number,
  sender: Sender,
  known: Known,
): { kind: string; update: object } {
  const user = {
    ...{ user_id: sender.id, first_name: `Клиент ${sender.id}`, last_name: "", is_bot: false },
    ...{ last_activity_time: 1_785_182_044_286, name: `Клиент ${sender.id}` },
  };
  const timestamp = Date.now() - r.below(1_000);
  const chat_id = r.pick([1, -1]) * (5_000_000 + sender.id);
  const midOf = (of: number) =>
    `mid.${chat_id.toString(16).replace("-", "f").padStart(16, "0")}${of.toString(16).padStart(16, "0")}`;
  const dialog = { chat_id, chat_type: "dialog", user_id: botId };
  const user_locale = r.pick(["ru", "en", "de", "ru-RU"]);
  const message = (body: object, more: object = {}) => ({
    ...{ sender: user, recipient: dialog, timestamp, body: { mid: midOf(n), seq: 2 ** 57 + n, ...body } },
    ...more,
  });
  const created = (body: object, more: object = {}) => ({
    ...{ update_type: "message_created", timestamp, user_locale, message: message(body, more) },
  });
  const ours = (body: object = {}, more: object = {}) => ({
    ...{
      sender: { ...user, user_id: botId, is_bot: true },
      recipient: { ...dialog, user_id: sender.id },
      timestamp,
    },
    body: {
      mid: midOf(1 + r.below(50)),
      seq: 1,
      text: "меню",
      attachments: [{ type: "inline_keyboard" }],
      ...body,
    },
    ...more,
  });
  const group = { chat_id: -1_000_000 - r.below(9), chat_type: r.pick(["chat", "channel"]), user_id: null };
  const words = () => r.pick([r.pick(commands), tillWords(r, known)]);
  const contact = () =>
    created(
      { text: "", attachments: [{ type: "contact", payload: contactOf(r, sender, known) }] },
      r.pick([{}, {}, forwarded()]),
    );
  const forwarded = () => ({
    link: {
      type: r.pick(["forward", "reply"]),
      sender: r.pick<unknown>([user, "odd"]),
      message: { mid: midOf(1), text: words() },
    },
  });
  const kinds: Record<string, () => object> = {
    max_command: () => created({ text: r.pick(commands) }),
    max_till: () => created({ text: tillWords(r, known) }),
    max_deep_link: () => ({
      ...{ update_type: "bot_started", timestamp, chat_id, user, user_locale },
      payload: startParameter(r, known),
    }),
    max_contact: contact,
    max_callback: () => ({
      ...{ update_type: "message_callback", timestamp, user_locale },
      callback: { timestamp, callback_id: `f9LH${n}`, payload: callbackData(r, known), user },
      message: r.pick([
        ours(),
        ours({ attachments: [others[0]] }),
        null,
        message({ text: "меню" }),
        ours({}, { recipient: group }),
        ours({}, { recipient: { ...dialog, user_id: r.pick(known.staff) } }),
      ] as const),
    }),
    max_edited: () => ({ update_type: "message_edited", timestamp, message: message({ text: words() }) }),
    max_left: () => ({
      ...{ update_type: r.pick(["bot_stopped", "dialog_removed", "bot_started"]), timestamp, chat_id, user },
      user_locale,
    }),
    max_content: () =>
      created({ text: r.pick(["", "/start"]), attachments: [r.pick(others), r.pick(others)] }),
    max_forward: () => created({ text: "" }, forwarded()),
    max_group: () => created({ text: words() }, { recipient: group }),
    max_bot: () => created({ text: words() }, { sender: { ...user, is_bot: true } }),
    max_nobody: () => created({ text: words() }, { sender: null }),
    max_other: () => ({ ...created({ text: "/start" }), update_type: r.pick(unasked), chat_id, user }),
  };
  const [first = "max_command", ...more] = [
    ...Object.keys(kinds),
    ...["max_callback", "max_command", "max_contact", "max_till"],
  ];
  const kind = r.pick([first, ...more]);
  return { kind, update: kinds[kind]?.() ?? {} };
}

/** The own number with its proof, somebody else's, and what only looks like the own one. */
function contactOf(r: Random, { id, phone }: Sender, { phones }: Known): object {
  const theirs = r.pick(phones);
  const me = { user_id: id, first_name: "Имя", last_name: "", is_bot: false };
  const they = { ...me, user_id: id + 1 };
  const own = signedCard(phone, "Имя");
  const stolen = signedCard(theirs, "Имя");
  return r.pick([
    { ...own, max_info: me },
    { ...own, max_info: me },
    own,
    { ...stolen, max_info: they },
    { vcf_info: stolen.vcf_info, max_info: me },
    { vcf_info: stolen.vcf_info, hash: own.hash, max_info: me },
    { ...signedCard(theirs, "Имя", `${MAX_TOKEN}x`), max_info: me },
    { vcf_info: stolen.vcf_info, hash: stolen.hash.toUpperCase(), max_info: me },
    { vcf_info: stolen.vcf_info, hash: [stolen.hash], max_info: me },
    { ...stolen, max_info: { ...me, user_id: String(id) } },
    // A name is its owner's own text, and MAX signs it.
    { ...signedCard(phone, `x\r\nTEL;TYPE=cell:${theirs.slice(1)}`), max_info: me },
    { ...signedCard(phone, `x\nTEL:${theirs.slice(1)}\nNOTE:`), max_info: me },
  ]);
}

/**
 * MAX says itself whose a contact is: where a change has made the sender of somebody else's by chance, it is the sender's own
 * again.
 */
export function vouchedByMax<T extends object>(update: T, { phone }: Sender): T {
  const { message } = Object(update) as { message?: unknown };
  const { sender, body } = Object(message);
  const attachments: unknown[] = Array.isArray(Object(body).attachments) ? Object(body).attachments : [];
  for (const one of attachments) {
    const { payload } = Object(one);
    if (Object(Object(payload).max_info).user_id !== Object(sender).user_id) continue;
    const { vcf_info, hash } = Object(payload) as { vcf_info?: unknown; hash?: unknown };
    const signed = createHmac("sha256", MAX_TOKEN).update(String(vcf_info)).digest("hex") === hash;
    if (signed && !String(vcf_info).includes(phone.slice(1)))
      Object.assign(payload, signedCard(phone, "Имя"));
  }
  return update;
}
