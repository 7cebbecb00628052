// How the stand-in Bot API reads a call: JSON, urlencoded or multipart.

import type { Payload, Upload } from "./chats.ts";
import { bad } from "./html.ts";

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const JSON_FIELDS =
  /^(reply_markup|entities|caption_entities|allowed_updates|commands|scope|media|menu_button|reaction|\w+_(parameters|options))$/;
const NUMBERS = /^(chat_id|message_id|timeout|offset|limit|max_connections|user_id)$/;
const FLAGS = /^(drop_pending_updates|show_alert)$/;

/** A field as Telegram reads it: forms carry text only, and JSON bodies may carry text in place of the thing. */
function field(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (JSON_FIELDS.test(name)) return parsed(value) ?? value;
  if (NUMBERS.test(name) && /^-?\d+$/.test(value)) return Number(value);
  return FLAGS.test(name) ? /^true$|^1$/i.test(value) : value;
}

export async function readPayload(request: Request): Promise<Payload> {
  const payload: Payload = {};
  const type = request.headers.get("content-type") ?? "";
  for (const [name, value] of new URL(request.url).searchParams) payload[name] = field(name, value);
  if (/multipart|urlencoded/.test(type)) {
    for (const [name, value] of await request.formData()) {
      payload[name] = typeof value === "string" ? field(name, value) : await upload(value);
    }
  } else {
    const body = await request.text();
    const json = body.trim() ? parsed(body) : {};
    if (typeof json !== "object" || json === null) throw bad("can't parse JSON object");
    for (const [name, value] of Object.entries(json)) payload[name] = field(name, value);
  }
  return payload;
}

async function upload(file: File): Promise<Upload> {
  return { id: `f${crypto.randomUUID()}`, name: file.name, type: file.type, bytes: await file.bytes() };
}

export function fields(payload: Payload): Payload {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, field(name, value)]));
}
