// A YCLIENTS with a very large journal: pages of paid records, each about as long as a real one, made as they are asked for.
// The stand-in of src/demo keeps its records as objects and looks through all of them for every page.

import { Journal } from "../../src/standins/yclients/journal.ts";
import { BRANCH } from "./stage.ts";

const prefix = "/api/v1";
const perDay = 1_000;
const dayMs = 86_400_000;
const marks = { record: 1_111_111_111, client: 3_333_333_333, visit: 2_222_222_222, sum: 77_777 };

export interface Feed {
  url: string;
  /** The programme's first day, so that all records are read. */
  start: string;
  /** How many records `changed_after` finds. */
  changed: number;
  /** How often it was asked for what has changed. */
  asked: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** So many records, a thousand a day, the last of them yesterday; a client has fifty. */
export function feed(records: number): Feed {
  const today = new Date().toISOString().slice(0, 10);
  const begin = Date.parse(today) - Math.ceil(records / perDay) * dayMs;
  const page = pages(records, begin);
  const state = { changed: 0, asked: 0 };
  const answer = (data: string, meta = "{}") =>
    new Response(`{"success":true,"data":${data},"meta":${meta}}`, {
      headers: { "content-type": "application/json", date: new Date().toUTCString() },
    });
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 0 },
    fetch(request) {
      const { pathname, searchParams: query } = new URL(request.url);
      const path = pathname.slice(prefix.length);
      if (path.startsWith("/company"))
        return answer(`{"id":${BRANCH},"title":"Салон","timezone_name":"Europe/Moscow"}`);
      if (!path.startsWith("/records")) return answer("{}");
      if (query.has("changed_after")) state.asked += 1;
      const [from, to] = wanted(query, begin, records, state.changed);
      const at = from + (Number(query.get("page")) - 1) * 200;
      return answer(page(at, Math.min(at + 200, to)), `{"total_count":${to - from}}`);
    },
  });
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.port}${prefix}`,
    start: new Date(begin).toISOString().slice(0, 10),
    [Symbol.asyncDispose]: () => server.stop(true),
  });
}

/** The first record that a query asks for, and the one behind the last. */
function wanted(query: URLSearchParams, begin: number, records: number, changed: number): [number, number] {
  const from = query.get("start_date");
  if (from === null) return [0, changed];
  const index = (day: string) => ((Date.parse(day) - begin) / dayMs) * perDay;
  const end = query.get("end_date");
  const clip = (at: number) => Math.max(0, Math.min(records, at));
  return [clip(index(from)), end === null ? records : clip(index(end) + perDay)];
}

/** Writes records as text: one of the stand-in's own, with its numbers and its day put in. */
function pages(records: number, begin: number): (from: number, to: number) => string {
  const clients = Math.max(1, Math.floor(records / 50));
  const pieces = sample().split(/(1111111111|2222222222|3333333333|77777|79009990000|2026-01-02)/);
  const one = (n: number) => {
    const client = n % clients;
    const values: Record<string, string> = {
      "1111111111": String(700_000_000 + n),
      "2222222222": String(600_000_000 + n),
      "3333333333": String(1 + client),
      "77777": String(1_000 + (n % 90) * 100),
      "79009990000": `7900${String(client).padStart(7, "0")}`,
      "2026-01-02": new Date(begin + Math.floor(n / perDay) * dayMs).toISOString().slice(0, 10),
    };
    return pieces.map((piece, at) => (at % 2 === 1 ? values[piece] : piece)).join("");
  };
  return (from, to) =>
    `[${Array.from({ length: Math.max(0, to - from) }, (_, index) => one(from + index)).join(",")}]`;
}

function sample(): string {
  const journal = new Journal({ now: () => new Date("2026-01-01T09:00:00Z") });
  journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
  const id = journal.book({
    companyId: BRANCH,
    client: { id: marks.client, name: "Анна Петрова", phone: "+79009990000" },
    startsAt: new Date("2026-01-02T09:00:00Z"),
    services: [{ title: "Стрижка и укладка", cost: marks.sum * 100 }],
    visitId: marks.visit,
  });
  journal.arrive(id);
  journal.pay(id);
  // What changed last does so in the hour that a pass reads again.
  const record = {
    ...journal.record(id),
    last_change_date: "2026-01-01T12:00:00+0300",
    comment: "x".repeat(600),
  };
  return JSON.stringify(record).replaceAll(String(id), String(marks.record));
}
