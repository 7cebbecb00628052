// Real updates of Telegram of every kind, as people and forgers would make them: what the fuzzing starts from.
import type { Random } from "./random.ts";

/** Who sends. `phone` is their own. */
export interface Sender {
  id: number;
  phone: string;
}

/** What a forger may know or guess. `taken` is callback data that the bot has given to others. */
export interface Known {
  phones: readonly [string, ...string[]];
  codes: readonly [string, ...string[]];
  cards: readonly [number, ...number[]];
  staff: readonly [number, ...number[]];
  taken: readonly string[];
}

export interface Made {
  kind: string;
  update: Record<string, unknown> & { update_id: number };
}

/** What people write; a command, or words that stand for one. */
export const commands = [
  ...[
    "/start",
    "/balance",
    "/card",
    "/history",
    "/book",
    "/contacts",
    "/help",
    "/why",
    "/unlink",
    "/mydata",
    "/statement",
    "/statement 89001234567 1.03 31.03",
  ],
  ...[
    "/forget",
    "/id",
    "/today",
    "/stats",
    "/level",
    "/level 89001234567 2 30.06.2027 x",
    "/export",
    "/staff",
    "/poster",
    "/programme",
    "/cancel",
    "/credit",
    "/debit",
    "/move",
    "/nothing",
  ],
  ...[
    "Баланс",
    "Карта",
    "История",
    "Записаться",
    "Контакты",
    "Помощь",
    "Не сейчас",
    "Привет",
    "🙂",
    "/balance@another_bot",
  ],
] as const;

const other = [
  ...["inline_query", "chosen_inline_result", "shipping_query", "pre_checkout_query", "poll", "poll_answer"],
  ...["chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction"],
  ...["message_reaction_count", "business_connection", "business_message", "edited_business_message"],
  ...[
    "deleted_business_messages",
    "purchased_paid_media",
    "edited_channel_post",
    "managed_bot",
    "no_such_kind",
  ],
] as const;

const file = { file_id: "AgAC", file_unique_id: "AQAD", file_size: 1024, width: 90, height: 90, duration: 3 };
const contents = [
  { photo: [file, file], caption: "/start", media_group_id: "13" },
  { sticker: { ...file, type: "regular", is_animated: false, is_video: false, emoji: "👍" } },
  { voice: { ...file, mime_type: "audio/ogg" } },
  { document: { ...file, file_name: "a.pdf", thumbnail: file } },
  { video_note: { ...file, length: 240 } },
  { location: { latitude: 55.7, longitude: 37.6 } },
  { venue: { location: { latitude: 1, longitude: 1 }, title: "Салон", address: "Тверская" } },
  { dice: { emoji: "🎲", value: 6 } },
  { poll: { id: "1", question: "?", options: [{ text: "да", voter_count: 0 }], total_voter_count: 0 } },
  { story: { chat: { id: 1, type: "private" }, id: 1 } },
  { new_chat_members: [{ id: 7, is_bot: true, first_name: "Бот" }] },
  { pinned_message: { message_id: 1, date: 0, chat: { id: 1, type: "private" } } },
  {
    successful_payment: {
      currency: "XTR",
      total_amount: 1,
      invoice_payload: "credit:100",
      telegram_payment_charge_id: "1",
    },
  },
  { web_app_data: { data: '{"credit":100}', button_text: "Баланс" } },
  { users_shared: { request_id: 1, users: [{ user_id: 901 }] } },
  {
    reply_to_message: { message_id: 1, date: 1, chat: { id: 1, type: "private" }, text: "t:1:1:go" },
    text: "100",
  },
  {},
] as const;

/** One update of this sender, as Telegram would send it. */
export function realUpdate(r: Random, n: number, sender: Sender, known: Known): Made {
  const from = {
    id: sender.id,
    is_bot: false,
    first_name: `Клиент ${sender.id}`,
    username: `u${sender.id}`,
    language_code: r.pick(["ru", "en", "de"]),
  };
  const chat = { id: sender.id, type: "private", first_name: from.first_name };
  const message_id = 1 + r.below(50);
  const date = 1_770_000_000 + n;
  const message = (content: object, where: object = chat, who: object = from) => ({
    message_id,
    date,
    chat: where,
    from: who,
    ...content,
  });
  const text = (words: string) => {
    const length = /^\/\w*(@\w+)?/.exec(words)?.[0].length ?? 0;
    return { text: words, ...(length > 0 && { entities: [{ type: "bot_command", offset: 0, length }] }) };
  };
  const group = { id: -1_000_000 - r.below(9), type: r.pick(["group", "supergroup"]), title: "Группа" };
  const kinds: Record<string, () => object> = {
    command: () => ({ message: message(text(r.pick(commands))) }),
    till: () => ({ message: message(text(tillWords(r, known))) }),
    deep_link: () => ({ message: message(text(`/start ${startParameter(r, known)}`)) }),
    contact: () => ({ message: message(contact(r, sender, known)) }),
    callback: () => ({
      callback_query: {
        ...{ id: String(n), from, chat_instance: "1", data: callbackData(r, known) },
        ...r.pick([
          {
            message: message({ text: "меню" }, chat, { id: 7_000_000_001, is_bot: true, first_name: "bot" }),
          },
          { message: { chat, message_id, date: 0 } },
          { message: message({ text: "меню" }, group) },
          { inline_message_id: "AAAA" },
        ] as const),
      },
    }),
    edited: () => ({
      edited_message: { ...message(text(r.pick([r.pick(commands), tillWords(r, known)]))), edit_date: date },
    }),
    member: () => ({
      my_chat_member: {
        ...{
          chat: r.pick([chat, chat, group]),
          from,
          date,
          old_chat_member: { user: from, status: "member" },
        },
        new_chat_member: {
          user: from,
          status: r.pick(["kicked", "member", "left", "administrator"]),
          until_date: 0,
        },
      },
    }),
    content: () => ({ message: message(r.pick(contents)) }),
    group: () => ({ message: message(r.pick([text(r.pick(commands)), contact(r, sender, known)]), group) }),
    channel: () => ({
      channel_post: {
        ...message(text(r.pick(commands)), { id: -1_000_000_000_001, type: "channel", title: "Канал" }),
        sender_chat: chat,
      },
    }),
    bot: () => ({
      message: message(r.pick([text(r.pick(commands)), contact(r, sender, known)]), chat, {
        ...from,
        is_bot: true,
      }),
    }),
    anonymous: () => ({ message: { message_id, date, chat, sender_chat: chat, ...text(r.pick(commands)) } }),
    other: () => ({
      [r.pick(other)]: {
        ...message(text("/start")),
        id: "1",
        query: "",
        user: from,
        user_chat_id: sender.id,
      },
    }),
  };
  const [first = "command", ...more] = [...Object.keys(kinds), "callback", "command", "contact", "till"];
  const kind = r.pick([first, ...more]);
  return { kind, update: { update_id: n, ...kinds[kind]?.() } };
}

/** Phone in many spellings, with what an admin would write behind it. */
export function tillWords(r: Random, { phones }: Known): string {
  const phone = r.pick(phones);
  const spelled = r.pick([
    phone,
    phone.slice(1),
    `8${phone.slice(2)}`,
    phone.slice(-4),
    `8 (${phone.slice(2, 5)}) ${phone.slice(5)}`,
  ]);
  return r.pick([
    ...([
      spelled,
      `${spelled} 3500`,
      `/credit ${spelled} 100 чай`,
      `/debit ${spelled} 5`,
      `/why ${spelled}`,
    ] as const),
    ...([
      `/move ${spelled} ${r.pick(phones)}`,
      `${spelled} -1`,
      `/credit ${spelled} 1e9`,
      "100",
      "12,5 за чай",
    ] as const),
  ]);
}

/** What may stand in a link to the bot. */
export function startParameter(r: Random, { codes, cards }: Known): string {
  return r.pick([
    `c_${r.pick(codes)}`,
    `c_${"A".repeat(22)}`,
    `c_${r.pick(cards)}`,
    "c_",
    "ref",
    "x".repeat(3_000),
    "c_' or 1=1",
  ]);
}

/** The own number, somebody else's, and what only looks like the own one. */
function contact(r: Random, { id, phone }: Sender, { phones }: Known): object {
  const theirs = r.pick(phones);
  const named = { first_name: "Имя" };
  return r.pick([
    { contact: { phone_number: phone, user_id: id, ...named } },
    { contact: { phone_number: phone.slice(1), user_id: id, ...named } },
    { contact: { phone_number: theirs, user_id: id + 1, ...named } },
    { contact: { phone_number: theirs, ...named } },
    { contact: { phone_number: theirs, user_id: String(id), ...named } },
    { contact: { phone_number: theirs, user_id: [id], ...named } },
    {
      contact: { phone_number: theirs, user_id: id, ...named },
      forward_origin: { type: "user", date: 1, sender_user: { id } },
    },
    {
      contact: { phone_number: theirs, user_id: id, ...named },
      via_bot: { id: 5, is_bot: true, first_name: "b" },
    },
  ]);
}

/** Data of buttons: made up, or taken from the bot's own. */
export function callbackData(r: Random, { taken, cards, staff }: Known): string {
  const card = r.pick(cards);
  const chat = r.pick(staff);
  const small = 1 + r.below(60);
  const now = Math.floor(Date.now() / 1000);
  const made = [
    ...[
      `s:${small}:1:go`,
      `t:${small}:1:go`,
      `till:${small}:2:undo`,
      `till:${small}:1:give`,
      `till:${small}:1:open:${card}`,
      `mv:${small}:1:go`,
    ],
    ...[
      `till:${small}:1:recent:${small}`,
      `t:${small}:1:recent-${chat}-${small}`,
      `till:${small}:1:trust:${now}000`,
    ],
    ...[`o:${chat}:${small}:1:yes`, `owner:telegram:${chat}:${small}:1:yes`],
    ...[
      `a:${chat}:${small}:2:no`,
      `refund:${small}`,
      "today:page:99",
      "today:list:open:now",
      "today:list:paid:9999:2026-03-12",
      `today:client:${small}:1`,
      `till:${small}:1:qr`,
      `td:o:${small}`,
      `unlink:${card}:${now}`,
    ],
    ...[
      `forget:${card}:${now}`,
      `forget:0:${now}`,
      `unlink:${card}:0`,
      "unlink",
      "forget",
      "mydata",
      "mydata:show",
    ],
    ...[
      "mydata:no",
      "why",
      "history:0",
      "statement",
      "statement:html:-:-",
      "statement:html:-:-:1",
      "statement:show:2026-01-01:-",
      "history:999999",
      "contacts",
      "card",
      "consent",
      "details:1-9",
      "details:9-1",
      "details:1-999999999999999",
      "ask:balance",
      "ask:unlink",
      "ask:",
      `move:yes:${"a".repeat(36)}`,
      "move:no:x",
    ],
    ...[`till:${"9".repeat(15)}:${"9".repeat(9)}:constructor`, `till:${small}:1:__proto__`, "x".repeat(64)],
  ];
  const [first = "why", ...more] = r.chance(0.4) && taken.length > 0 ? taken : made;
  return r.pick([first, ...more]);
}
