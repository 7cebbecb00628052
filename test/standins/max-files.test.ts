// Proves files on the stand-in MAX, from the address of an upload to the message, and TLS by a root of its own.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unlikelyReading } from "../../src/standins/max/readings.ts";
import { chainOfItsOwn } from "../helpers/certificate.ts";
import { keyboard, MAX_TOKEN, maxes } from "../helpers/max-api.ts";

const { start, withVera, closing } = maxes();
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1]);

test("takes a file once by its address, by the name of its part and its ending, and without the token", async () => {
  const { max, api, upload, stop } = await withVera();
  const image = await upload("image", "card.png", PNG);
  expect(image).toMatchObject({ status: 200, token: expect.any(String) });
  const form = new FormData();
  form.set("data", new File([PNG], "card.png"));
  expect((await fetch(image.url, { method: "POST", body: form })).status).toBe(410);
  expect((await fetch(`${image.url}0`, { method: "POST", body: form })).status).toBe(404);
  expect(new URL(image.url).port).not.toBe(new URL(max.url).port);
  const refused = { status: 415, body: { message: "File extension is forbidden" } };
  expect(await upload("image", "card.svg", PNG)).toMatchObject(refused);
  expect(await upload("file", "notes.exe", PNG)).toMatchObject(refused);
  expect((await upload("file", "notes.txt", PNG, "file")).status).toBe(415);
  expect((await upload("audio", "a.ogg", PNG, "file")).body.text).toBe("<retval>1</retval>");
  expect(await upload("image", "card.png", new Uint8Array([1]))).toMatchObject({
    ...{ status: 200, body: { error_code: "503", error_data: "IMAGE_INVALID_FORMAT" } },
  });
  expect((await api("POST /uploads?type=photo")).body.message).toContain("photo is gone");
  expect((await api("POST /uploads?type=card")).status).toBe(400);
  const told = await upload("image", "card.png", PNG, "data", { authorization: MAX_TOKEN });
  expect(told.status).toBe(400);
  await expect(stop()).rejects.toThrow("The token of the bot was sent to the upload host");
});

test("takes .csv, or not", async () => {
  const { max, upload } = start();
  expect((await upload("file", "bonus.csv", PNG)).status).toBe(200);
  max.readings.csv = unlikelyReading.csv;
  expect((await upload("file", "bonus.csv", PNG)).status).toBe(415);
});

test("the upload host has bad days too", async () => {
  const { max, upload } = start();
  max.faults.next({ route: "POST /upload", status: 503 });
  max.faults.next({ route: "POST /upload", cut: true });
  expect((await upload("file", "a.txt", PNG)).status).toBe(503);
  await expect(upload("file", "a.txt", PNG)).rejects.toThrow();
  expect((await upload("file", "a.txt", PNG)).status).toBe(200);
});

test("a file is sent by its token: not ready at first, then any number of times", async () => {
  const { max, say, upload, vera, api } = await withVera();
  max.files.notReady = 2;
  const { token } = await upload("image", "card.png", PNG);
  const card = { text: "Карта", attachments: [{ type: "image", payload: { token } }] };
  const early = { status: 400, body: { code: "attachment.not.ready" } };
  expect([await say(card), await say(card)]).toMatchObject([early, early]);
  expect((await say({ ...card, text: undefined })).status).toBe(200);
  expect((await say(card)).body.message).toMatchObject({
    body: { attachments: [{ type: "image", payload: { token } }] },
  });
  expect(vera.lastMessage()).toMatchObject({ text: "Карта", photo: { name: "card.png", bytes: PNG } });
  const put = `PUT /messages?message_id=${vera.lastMessage()?.mid}`;
  await api(put, { text: "Новая", attachments: card.attachments });
  expect(vera.lastMessage()).toMatchObject({ text: "Новая", photos: [{ name: "card.png" }] });
  const fresh = await upload("image", "new.png", PNG);
  const other = { attachments: [{ type: "image", payload: { token: fresh.token } }] };
  expect([await api(put, other), await api(put, other)]).toMatchObject([early, early]);
  expect((await api(put, other)).status).toBe(200);
  expect(vera.lastMessage()?.photo?.name).toBe("new.png");
  await api(put, { attachments: [] });
  expect(vera.lastMessage()).toMatchObject({ text: "Новая", photo: undefined, photos: [] });
});

test("a file goes alone, and pictures by the dozen", async () => {
  const { max, say, upload, vera } = await withVera();
  const attached = async (kind: string, name: string) => {
    const { token } = await upload(kind, name, PNG);
    return { type: kind, payload: { token } };
  };
  const [image, file] = [await attached("image", "a.png"), await attached("file", "a.txt")];
  const send = async (attachments: object[]) => (await say({ attachments })).status;
  expect(await send([image, file])).toBe(400);
  expect(await send(Array(13).fill(image))).toBe(400);
  expect(await send([{ ...image, type: "file" }])).toBe(400);
  expect(await send(Array(12).fill(image))).toBe(200);
  expect(vera.lastMessage()?.photos.length).toBe(12);
  const keys = keyboard([{ type: "message", text: "Ещё" }]);
  expect(await send([file, keys])).toBe(200);
  expect(vera.lastMessage()).toMatchObject({ document: { name: "a.txt" }, inline: [[{ text: "Ещё" }]] });
  expect(max.calls.filter(({ route }) => route === "POST /upload").length).toBe(2);
});

test("is trusted by its own root alone: with its chain, and as a bare leaf with the middle beside the root", async () => {
  const folder = mkdtempSync(join(tmpdir(), "max-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const { max } = start();
  const { root, middle, leaf, key } = await chainOfItsOwn(folder);
  const [chained, bare] = [max.secure({ key, cert: leaf + middle }), max.secure({ key, cert: leaf })];
  const ask = async (url: string, ...ca: string[]) => {
    const request = { headers: { authorization: MAX_TOKEN }, ...(ca.length > 0 && { tls: { ca } }) };
    return fetch(`${url}/me`, request).then(
      ({ status }) => status,
      (error) => error.code,
    );
  };
  expect(await ask(chained, root)).toBe(200);
  expect(await ask(chained)).toBe("UNABLE_TO_GET_ISSUER_CERT_LOCALLY");
  expect(await ask(bare, root)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  expect(await ask(bare, root, middle)).toBe(200);
});
