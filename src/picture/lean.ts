// Of a PNG or a JPEG from anywhere what its pixels are drawn from, written anew: whoever draws it reads the size that was read here.

import type { Size } from "./render.ts";

/** The file without all else; `scans` are the passes that a JPEG takes. */
export interface LeanImage extends Size {
  bytes: Uint8Array;
  scans: number;
}

const pngChunks = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

/** By the PNG specification: the header first, and once. Other chunks may unpack to any size. Null for a file that is broken. */
export function leanPng(bytes: Uint8Array): LeanImage | null {
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length || (type === "IHDR") !== (at === 8) || (at === 8 && end !== 33)) break;
    if (pngChunks.includes(type)) kept.push(bytes.subarray(at, end));
    if (type === "IEND")
      return {
        bytes: Buffer.concat(kept),
        width: view.getUint32(16),
        height: view.getUint32(20),
        scans: 1,
      };
    at = end;
  }
  return null;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;
/** Tables, scans, and two notes that say which colours the numbers mean. */
const jpegMarkers = [0xc4, startOfScan, 0xdb, 0xdd, 0xe0, 0xee];

/** By ITU-T T.81: a JPEG of one frame. Null for a file that is broken. */
export function leanJpeg(bytes: Uint8Array): LeanImage | null {
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, 2)];
  let size: Size | null = null;
  let scans = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === endOfImage) break;
    const filler = marker === 0xff;
    let end = filler ? at + 1 : at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) break;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (size !== null || end < at + 10) return null;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (marker === startOfScan) {
      scans += 1;
      end = endOfScan(bytes, end);
    }
    if (isFrame || jpegMarkers.includes(marker)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(new Uint8Array([0xff, endOfImage]));
  return size && { bytes: Buffer.concat(kept), ...size, scans };
}

/** Where a scan's data end: at the first marker that is none of their own. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 2)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
