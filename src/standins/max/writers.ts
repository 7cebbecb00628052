// What people write and send in the stand-in MAX's dialogs.
import { bookContact, type ContactForgery, forgedContact, type MaxContact, ownContact } from "./contacts.ts";
import type { MaxDialog, MaxDialogs, MaxUpdate } from "./dialogs.ts";
import type { MaxFileKind, MaxUpload } from "./files.ts";
import type { MaxLink, MaxProfile, MaxShown, MaxUser } from "./messages.ts";

/** Whoever writes in one chat. Everything they do makes a real update and resolves with it once it has been delivered. */
export class MaxWriter {
  readonly user: MaxUser;

  constructor(
    protected readonly dialogs: MaxDialogs,
    protected readonly token: () => string,
    readonly profile: MaxProfile,
    readonly chat: MaxDialog,
  ) {
    this.user = chat.type === "dialog" ? chat.person : userOf(profile, dialogs.now());
  }

  /** Writes a text. */
  async say(text: string): Promise<MaxUpdate> {
    return this.send({ text });
  }

  /** Answers a message, by its mid. */
  async reply(mid: string, text: string): Promise<MaxUpdate> {
    const { text: words, author } = this.message(mid);
    return this.send({ text, link: { type: "reply", mid, text: words, ...(author && { author }) } });
  }

  /** Hands on a message of this chat, or one of somebody else: its words stand in the link, and the own body is empty. */
  async forward(what: string | { text?: string; author: MaxUser; contact?: MaxContact }): Promise<MaxUpdate> {
    const link = typeof what === "string" ? this.message(what) : { ...what, mid: `mid.${"0".repeat(32)}` };
    const contact = "contact" in link ? [contactIn(link.contact)] : "others" in link ? link.others : [];
    const { mid, text = "", author } = link;
    return this.send({
      link: { type: "forward", mid, text, ...(author && { author }), attachments: contact },
    });
  }

  /** Edits an own earlier message. */
  async edit(mid: string, text: string): Promise<MaxUpdate> {
    const own = this.message(mid);
    if (own.from !== "person")
      throw new Error(`${this.profile.firstName} has no message ${mid} here to edit`);
    Object.assign(own, { text, edited: true });
    this.dialogs.changed(this.chat);
    return this.dialogs.push("message_edited", { message: this.dialogs.view(this.chat, own) });
  }

  /** Shares the own number, as the contact button does: with its proof. */
  async shareContact(phone: string | undefined = this.profile.phone): Promise<MaxUpdate> {
    return this.sendContact(ownContact(this.token(), this.user, this.phone(phone)));
  }

  /** Sends somebody else's contact; without `userId` it is one that MAX does not know. */
  async forwardContact(other: { phone: string; userId?: number; firstName: string }): Promise<MaxUpdate> {
    const hashedBy = this.dialogs.readings.addressBook === "hashed" ? this.token() : undefined;
    return this.sendContact(bookContact(other, hashedBy));
  }

  /** Sends a contact that only looks like the own one; the number is the own one unless another is named. */
  async forgeContact(
    kind: ContactForgery,
    phone: string | undefined = this.profile.phone,
  ): Promise<MaxUpdate> {
    return this.sendContact(forgedContact(kind, this.token(), this.user, this.phone(phone)));
  }

  /** Sends a contact as it is: somebody else's true one too. With a mid it is an answer to that message. */
  async sendContact(contact: MaxContact, replyTo?: string): Promise<MaxUpdate> {
    const link: MaxLink | undefined =
      replyTo === undefined ? undefined : { type: "reply", mid: replyTo, text: this.message(replyTo).text };
    return this.send({ others: [contactIn(contact)], ...(link && { link }) });
  }

  /** The contact that this person's contact button sends. */
  ownContact(): MaxContact {
    return ownContact(this.token(), this.user, this.phone(this.profile.phone));
  }

  async sendSticker(): Promise<MaxUpdate> {
    return this.send({
      others: [{ type: "sticker", payload: { code: "a1b2c3", url: "https://i.oneme.ru/s" } }],
    });
  }
  async sendPhoto(bytes: Uint8Array = new Uint8Array([0xff, 0xd8, 0xff]), caption = ""): Promise<MaxUpdate> {
    return this.sendPhotos([bytes], caption);
  }
  /** Several pictures are one message. */
  async sendPhotos(all: Uint8Array[], text = ""): Promise<MaxUpdate> {
    const photos = all.map((bytes) => upload("image", "photo.jpg", bytes));
    return this.send({ text, photos, photo: photos[0] });
  }
  async sendFile(name = "notes.txt", bytes: Uint8Array = new Uint8Array([65])): Promise<MaxUpdate> {
    return this.send({ document: upload("file", name, bytes) });
  }
  async sendAudio(transcription?: string): Promise<MaxUpdate> {
    const words = transcription !== undefined && { transcription };
    return this.send({ others: [{ type: "audio", payload: { id: 1, token: "a" }, ...words }] });
  }
  /** A text with a link in it, of which the app has made a preview. */
  async sendLink(text: string, url: string): Promise<MaxUpdate> {
    return this.send({ text, others: [{ type: "share", payload: { url }, title: "Страница" }] });
  }

  protected async send(content: Partial<MaxShown>): Promise<MaxUpdate> {
    if (this.chat.blocked)
      throw new Error(`${this.profile.firstName} has stopped the bot and cannot write to it`);
    this.chat.started = true;
    const author = this.chat.type === "channel" ? undefined : this.user;
    const shown = this.dialogs.add(this.chat, "person", { ...(author && { author }), ...content });
    const message = this.dialogs.view(this.chat, shown);
    return this.dialogs.push("message_created", {
      message,
      ...(this.chat.type === "dialog" && { user_locale: this.locale }),
    });
  }

  protected event(type: string, more: object = {}): Promise<MaxUpdate> {
    const about = { chat_id: this.chat.chatId, user_locale: this.locale, user: this.user };
    return this.dialogs.push(type, { ...about, ...more });
  }

  protected message(mid: string): MaxShown {
    const found = this.chat.messages.find((one) => one.mid === mid);
    if (!found) throw new Error(`${this.profile.firstName} sees no message ${mid} here`);
    return found;
  }
  protected phone(phone: string | undefined): string {
    if (!phone) throw new Error(`${this.profile.firstName} has no phone to share`);
    return phone;
  }
  protected get locale(): string {
    return this.profile.locale ?? "ru";
  }
}

/** A person as the API writes one. A user without a nick has no `username`. */
export function userOf({ id, firstName, lastName = "", username }: MaxProfile, now: number): MaxUser {
  return {
    ...{ user_id: id, first_name: firstName, last_name: lastName, ...(username && { username }) },
    ...{ is_bot: false, last_activity_time: now, name: `${firstName} ${lastName}`.trim() },
  };
}

const contactIn = (payload: MaxContact | undefined) => ({ type: "contact", payload });

function upload(kind: MaxFileKind, name: string, bytes: Uint8Array): MaxUpload {
  return { id: `in${crypto.randomUUID()}`, kind, name, type: "application/octet-stream", bytes };
}
