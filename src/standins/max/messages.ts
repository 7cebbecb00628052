// Messages of the stand-in MAX: as a person sees them, and as the API writes them.
import type { MaxButton } from "./bodies.ts";
import type { MaxUpload } from "./files.ts";
import type { MaxMarkup } from "./html.ts";
import type { MaxReading } from "./readings.ts";

/** Who a person is in MAX; `locale` is the language of the app ("ru"), `phone` the account's own number. */
export type MaxProfile = {
  id: number;
  firstName: string;
  lastName?: string;
  username?: string;
  locale?: string;
  phone?: string;
};
/** A user as the API writes one. */
export type MaxUser = {
  user_id: number;
  first_name: string;
  last_name: string;
  username?: string;
  is_bot: boolean;
  last_activity_time: number;
  name: string;
};
/** What a tap brought: `text` is the notification, `edited` whether the answer changed the message. None: not answered yet. */
export type MaxTapAnswer = { id: string; text?: string; edited: boolean };
/** Another message that one answers or hands on; `author` is who wrote that. */
export type MaxLink = { type: string; mid: string; text: string; author?: MaxUser; attachments?: object[] };
/** A message as a person sees it now. `at` is in Unix milliseconds; `photo` is the first of `photos`. */
export type MaxShown = {
  mid: string;
  seq: bigint;
  at: number;
  from: "bot" | "person";
  author?: MaxUser;
  text: string;
  html?: string | undefined;
  markup: MaxMarkup[];
  inline: MaxButton[][];
  photo?: MaxUpload | undefined;
  photos: MaxUpload[];
  document?: MaxUpload | undefined;
  /** Whatever else is attached, as the API writes it: contacts, stickers, audio. */
  others: object[];
  link?: MaxLink;
  silent: boolean;
  edited: boolean;
};
/** A message as the API writes it; what is not there is left out. */
export type MaxMessage = {
  sender?: MaxUser;
  recipient: { chat_id: number; chat_type: string; user_id?: number };
  timestamp: number;
  link?: object;
  body: { mid: string; seq: bigint; text?: string; attachments?: object[]; markup?: MaxMarkup[] };
};

/** What a person sees, as the API writes it; `callbackId` stands on the keyboard. */
export function writtenMessage(
  shown: MaxShown,
  recipient: MaxMessage["recipient"],
  { callbackId, linkSender }: { callbackId: string; linkSender: MaxReading["linkSender"] },
): MaxMessage {
  const { mid, seq, at, author, text, markup, link } = shown;
  const attachments = attached(shown, callbackId);
  return {
    ...(author && { sender: author }),
    recipient,
    timestamp: at,
    ...(link && { link: linked(recipient.chat_id, link, linkSender) }),
    body: {
      ...{ mid, seq },
      ...((text || link?.type !== "forward") && { text }),
      ...(attachments.length > 0 && { attachments }),
      ...(markup.length > 0 && { markup }),
    },
  };
}

/** The files of a body, as a message shows them. */
export function pictures(files: MaxUpload[]): Pick<MaxShown, "photo" | "photos" | "document"> {
  const photos = files.filter(({ kind }) => kind === "image");
  return { photo: photos[0], photos, document: files.find(({ kind }) => kind !== "image") };
}

/** `mid.`, then 16 hex digits of the chat's id and 16 of `seq`, as every real one has had. */
export function midOf(chatId: number, seq: bigint): string {
  const hex = (value: bigint) => BigInt.asUintN(64, value).toString(16).padStart(16, "0");
  return `mid.${hex(BigInt(chatId))}${hex(seq)}`;
}

/** Attachments as the API writes them, the keyboard last. */
function attached({ photos, document, others, inline }: MaxShown, callbackId: string): object[] {
  const address = ({ id }: MaxUpload) => `https://i.oneme.ru/i?r=${id}`;
  return [
    ...photos.map((one, at) => ({
      type: "image",
      payload: { photo_id: 900_000 + at, token: one.id, url: address(one) },
    })),
    ...(document
      ? [
          {
            ...{ type: document.kind, payload: { url: address(document), token: document.id } },
            ...{ filename: document.name, size: document.bytes.length },
          },
        ]
      : []),
    ...others,
    ...(inline.length > 0
      ? [{ type: "inline_keyboard", callback_id: callbackId, payload: { buttons: inline } }]
      : []),
  ];
}

function linked(
  chatId: number,
  { type, mid, text, author, attachments }: MaxLink,
  linkSender: MaxReading["linkSender"],
): object {
  const sender = linkSender === "user" ? author : author?.name;
  const message = { mid, text, ...(attachments?.length && { attachments }) };
  return { type, message, ...(sender && { sender }), chat_id: chatId };
}
