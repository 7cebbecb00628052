// What a bot may send on the stand-in MAX: a message's body is judged field by field, before its addressee is looked for.
import { unfit } from "./faults.ts";
import type { MaxUpload, MaxUploads } from "./files.ts";
import { type MaxMarkup, readMaxHtml } from "./html.ts";
import type { MaxReading } from "./readings.ts";

/** A button as it was sent; `payload` is a callback's data, `url` a link's address. */
export type MaxButton = { type: string; text: string; payload?: string; url?: string };
/** What a body says of a message. What is undefined is not said, and in an edit stays as it was. */
export type MaxContent = {
  text?: string;
  html?: string | undefined;
  markup?: MaxMarkup[];
  inline?: MaxButton[][];
  files?: MaxUpload[];
  link?: { type: string; mid: string };
  silent?: boolean;
};

const fields = (value: unknown, name: string): Record<string, unknown> => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw unfit(`${name}: Can't deserialize body`);
  return value as Record<string, unknown>;
};

/** Reads a NewMessageBody, or refuses it. Absent and null are the same. */
export function readMaxBody(body: unknown, files: MaxUploads, readings: MaxReading): MaxContent {
  const { text, format, attachments, notify, link, ...more } = fields(body, "body");
  for (const name of ["user_id", "chat_id", "recipient"])
    if (more[name] != null) throw unfit(`Unknown recipient: ${name} belongs into the query`);
  if (notify != null && typeof notify !== "boolean") throw unfit("notify: a boolean is expected");
  return {
    ...readText(text, format, readings),
    ...(attachments != null && readAttachments(attachments, files)),
    ...(link != null && { link: readLink(link) }),
    ...(notify === false && { silent: true }),
  };
}

function readText(text: unknown, format: unknown, readings: MaxReading): MaxContent {
  if (format != null && format !== "html" && format !== "markdown")
    throw unfit(`format: unknown ${JSON.stringify(format)}`);
  // Not spoken here: better a refusal in a test than a message that looks right and is not.
  if (format === "markdown") throw unfit("format: the stand-in reads no markdown");
  if (text == null) return {};
  if (typeof text !== "string") throw unfit("text: a string is expected");
  const read = format === "html" ? readMaxHtml(text) : { text, markup: [] };
  const counted = readings.textLength === "sent" ? text : read.text;
  if (counted.length > 4000) throw unfit(`text: ${counted.length} characters, at most 4000`);
  return { ...read, html: format === "html" ? text : undefined };
}

function readLink(link: unknown): { type: string; mid: string } {
  const { type, mid } = fields(link, "link");
  if (type !== "reply" && type !== "forward") throw unfit("link.type: reply or forward is expected");
  if (typeof mid !== "string") throw unfit("link.mid: a string is expected");
  return { type, mid };
}

function readAttachments(given: unknown, files: MaxUploads): MaxContent {
  if (!Array.isArray(given)) throw unfit("attachments: a list is expected");
  let inline: MaxButton[][] | undefined;
  const uploads: MaxUpload[] = [];
  for (const one of given) {
    const { type, payload } = fields(one, "attachments");
    if (type === "inline_keyboard") {
      if (inline) throw unfit("attachments: one keyboard at most");
      inline = readKeyboard(fields(payload, "attachments.payload").buttons);
    } else if (type === "image" || type === "file" || type === "video" || type === "audio")
      uploads.push(files.find(fields(payload, "attachments.payload").token, type));
    else throw unfit(`attachments: ${JSON.stringify(type)} is not a type that can be sent here`);
  }
  const alone = uploads.some(({ kind }) => kind === "file" || kind === "audio");
  if (alone && uploads.length > 1) throw unfit("attachments: a file goes alone, or with a keyboard");
  if (uploads.length > 12) throw unfit("attachments: at most 12 pictures");
  return { ...(inline && { inline }), files: uploads };
}

/** Buttons that are wide: a row that holds one takes three at most. */
const WIDE = ["link", "open_app", "request_contact", "request_geo_location"];
const BUTTONS = [...WIDE, "callback", "message", "clipboard"];

/** A keyboard, or a refusal that names what is too much or missing. */
function readKeyboard(rows: unknown): MaxButton[][] {
  if (!Array.isArray(rows) || rows.length === 0) throw unfit("buttons: at least one row is expected");
  if (rows.length > 30) throw unfit(`buttons: errors.maxRows, ${rows.length} of 30`);
  return rows.map((row) => {
    if (!Array.isArray(row) || row.length === 0) throw unfit("buttons: a row has at least one button");
    const buttons = row.map(readButton);
    const most = buttons.some(({ type }) => WIDE.includes(type)) ? 3 : 7;
    if (row.length > most) throw unfit(`buttons: errors.maxRowSize, ${row.length} of ${most}`);
    return buttons;
  });
}

function readButton(given: unknown): MaxButton {
  const button = fields(given, "buttons");
  const { type, text, payload, url } = button;
  if (typeof type !== "string" || !BUTTONS.includes(type))
    throw unfit(`buttons: unknown type ${JSON.stringify(type)}`);
  if (typeof text !== "string" || text.length < 1 || text.length > 128)
    throw unfit("buttons: text of 1 to 128 characters is expected");
  if ((type === "callback" || type === "clipboard") && !(typeof payload === "string" && payload.length > 0))
    throw unfit("buttons: payload is required");
  const most = type === "open_app" ? 512 : 1024;
  if (payload != null && String(payload).length > most)
    throw unfit(`buttons: payload of at most ${most} characters`);
  if (type === "link" && !(typeof url === "string" && /^https?:\/\/\S+$/.test(url)))
    throw unfit("buttons: url is required");
  if (typeof url === "string" && url.length > 2048) throw unfit("buttons: url of at most 2048 characters");
  return button as MaxButton;
}
