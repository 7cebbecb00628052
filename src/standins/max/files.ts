// Files on the stand-in MAX: an address for each upload, what its host says, and tokens that are not ready at once.
import { MaxRefusal, refusalAnswer, unfit } from "./faults.ts";
import type { MaxReading } from "./readings.ts";

export type MaxFileKind = "image" | "file" | "video" | "audio";
/** A file as it was sent: its name, media type and bytes; `id` is its token, good for any number of messages. */
export type MaxUpload = { id: string; kind: MaxFileKind; name: string; type: string; bytes: Uint8Array };

const IMAGES = /\.(jpe?g|png|gif|tiff?|bmp|heic)$/i;
const FILES =
  /\.(txt|pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|7z|rar|jpe?g|png|gif|webp|svg|json|xml|mp3|mp4|ogg|wav)$/i;
/** How pictures begin: JPG, PNG, GIF, TIFF, BMP; HEIC has its name four bytes later. */
const BEGINNINGS = ["ffd8ff", "89504e47", "474946", "49492a", "4d4d00", "424d"];

type Slot = { kind: MaxFileKind; token: string; used: boolean };

/** What was uploaded, and what is yet to be. `base` is the address of the upload host. */
export class MaxUploads {
  /** How many sends find a new file "not ready". */
  notReady = 1;
  /** Uploads that carried the token, which belongs to the API's host alone. */
  authorized = 0;
  readonly #slots = new Map<string, Slot>();
  readonly #byToken = new Map<string, MaxUpload>();
  readonly #waits = new Map<string, number>();

  constructor(
    private readonly base: () => string,
    private readonly readings: MaxReading,
  ) {}

  /** POST /uploads: an address for one file; of video and audio the token comes with it. */
  slot(kind: string | null): { url: string; token?: string } {
    if (kind !== "image" && kind !== "file" && kind !== "video" && kind !== "audio")
      throw unfit(`type: ${kind === "photo" ? "photo is gone, use image" : `unknown upload type ${kind}`}`);
    const id = crypto.randomUUID();
    const token = `f9LH${crypto.randomUUID().replaceAll("-", "")}`;
    this.#slots.set(id, { kind, token, used: false });
    const early = kind === "video" || kind === "audio";
    return { url: `${this.base()}/upload/${id}`, ...(early && { token }) };
  }

  /** What the upload host says to a post to one of its addresses. */
  async receive(request: Request): Promise<Response> {
    try {
      if (request.headers.has("authorization")) {
        this.authorized += 1;
        throw new MaxRefusal(400, "proto.payload", "The token of the bot is not for this host");
      }
      const slot = this.#slots.get(new URL(request.url).pathname.replace(/^\/upload\//, ""));
      if (!slot || request.method !== "POST") throw new MaxRefusal(404, "not.found", "No such upload");
      if (slot.used) throw new MaxRefusal(410, "upload.used", "This address has taken its file already");
      return await this.#take(slot, request);
    } catch (error) {
      return refusalAnswer(error);
    }
  }

  async #take(slot: Slot, request: Request): Promise<Response> {
    const form = await request.formData().catch(() => {
      throw new MaxRefusal(415, "unsupported", "multipart/form-data is expected");
    });
    const { kind, token } = slot;
    const part = kind === "image" || kind === "file" ? "data" : "file";
    const file = form.get(part);
    if (!(file instanceof File)) throw new MaxRefusal(415, "unsupported", `Part "${part}" is expected`);
    const csv = kind === "file" && this.readings.csv === "taken" && /\.csv$/i.test(file.name);
    const isKnown = kind === "image" ? IMAGES.test(file.name) : kind !== "file" || FILES.test(file.name);
    if (!isKnown && !csv) throw new MaxRefusal(415, "unsupported", "File extension is forbidden");
    const bytes = await file.bytes();
    if (kind === "image" && !isPicture(bytes))
      return Response.json({ error_code: "503", error_data: "IMAGE_INVALID_FORMAT" });
    slot.used = true;
    this.#byToken.set(token, { id: token, kind, name: file.name, type: file.type, bytes });
    this.#waits.set(token, this.notReady);
    if (kind === "image") return Response.json({ photos: { [crypto.randomUUID()]: { token } } });
    if (kind === "file") return Response.json({ fileId: this.#byToken.size, token });
    return new Response("<retval>1</retval>", { headers: { "content-type": "text/xml" } });
  }

  /** The file of a token, or a refusal: tokens of another bot, or of another kind of file, are nothing here. */
  find(token: unknown, kind: string): MaxUpload {
    const found = this.#byToken.get(String(token));
    if (found?.kind !== kind) throw unfit(`attachments: ${kind} token is not known`);
    return found;
  }

  /** Refuses a send with a file that is still being processed, as often as `notReady` says. */
  ready(files: MaxUpload[]): void {
    for (const { id, kind } of files) {
      const left = this.#waits.get(id) ?? 0;
      if (left <= 0) continue;
      this.#waits.set(id, left - 1);
      const key = `errors.process.attachment.${kind}.not.processed`;
      throw new MaxRefusal(400, "attachment.not.ready", `Key: ${key}`);
    }
  }
}

function isPicture(bytes: Uint8Array): boolean {
  const begins = Buffer.from(bytes.subarray(0, 12)).toString("hex");
  return BEGINNINGS.some((one) => begins.startsWith(one)) || begins.slice(8, 16) === "66747970";
}
