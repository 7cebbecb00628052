// The demo's page: the journal, Anna's chat and the ledger side by side, as they are at this second.

import { verify } from "../flows/verify.ts";
import { decimal } from "../rules/money.ts";
import { escaped } from "../texts/html.ts";
import { anna } from "./day.ts";
import { type JournalRecord, kopecksOf, paidFor, priceOf } from "./journal-record.ts";
import { labels, type Salon, said } from "./play.ts";

/** Serves the page on this port of 127.0.0.1, or on a free one when it is taken. */
export function servePage(salon: Salon, port: number): { address: string; stop: () => Promise<void> } {
  const listen = (port: number) =>
    Bun.serve({
      hostname: "127.0.0.1",
      port,
      development: false,
      fetch: (request) => answer(salon, request),
    });
  let server: ReturnType<typeof listen>;
  try {
    server = listen(port);
  } catch {
    server = listen(0);
  }
  return { address: `http://127.0.0.1:${server.port}/`, stop: () => server.stop(true) };
}

async function answer(salon: Salon, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname !== "/" && pathname !== "/lists") return new Response("", { status: 404 });
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
  };
  try {
    const now = await lists(salon);
    return new Response(pathname === "/" ? page(salon, now) : now, { headers });
  } catch {
    // The database has gone: the demo is ending.
    return new Response("", { status: 503 });
  }
}

async function lists(salon: Salon): Promise<string> {
  const ledger = await ledgerSection(salon);
  return `${journalSection(salon)}${chatSection(salon)}${ledger}`;
}

function journalSection({ journal, company }: Salon): string {
  const rows = journal
    .records(company.id)
    .map((record) => [
      record.id,
      record.client?.name ?? "",
      decimal(priceOf(record)),
      decimal(record.finance_transactions.reduce((sum, each) => sum + kopecksOf(each.amount), 0)),
      stateOf(record),
    ]);
  return section("Journal", table(["record", "client", "price, ₽", "paid, ₽", "state"], rows));
}

function stateOf(record: JournalRecord): string {
  if (record.deleted) return "deleted";
  const paid = paidFor(record);
  const money = record.paid_full ? "paid" : paid > 0 ? "paid in part" : "not paid";
  const came = { "-1": "no-show, ", "1": "came, " }[String(record.attendance)] ?? "";
  return `${came}${record.prepaid && record.paid_full ? "prepaid" : money}`;
}

function chatSection({ telegram }: Salon): string {
  const messages = telegram.messages(anna.id).map((shown) => {
    const words = escaped(said(shown)).replaceAll("\n", "<br>");
    return `<li class="${shown.from}">${words}${buttons(shown.inline)}</li>`;
  });
  const keyboard = buttons(telegram.chat(anna.id)?.keyboard ?? []);
  return section(`Chat of ${anna.firstName}`, `<ol lang="ru">${messages.join("")}</ol>${keyboard}`);
}

function buttons(keyboard: Parameters<typeof labels>[0]): string {
  const all = labels(keyboard).map((label) => `<span>${escaped(label)}</span>`);
  return all.length > 0 ? `<div class="keys" lang="ru">${all.join("")}</div>` : "";
}

interface LedgerRow {
  id: number;
  name: string | null;
  kind: string;
  reason: string | null;
  points: number;
  balance: number;
  told: boolean;
}

/** Read by the owner's own SQL, as the contract lets anybody. */
async function ledgerSection({ db }: Salon): Promise<string> {
  const found = await db<LedgerRow[]>`
    select b.id, c.name, b.kind, b.reason, b.points, b.is_telegram_notified as told,
      sum(b.points) over (partition by b.client_id order by b.id) as balance
    from bonuslog b join clients c on c.id = b.client_id order by b.id`;
  const rows = found.map(({ id, name, kind, reason, points, balance, told }) => [
    ...[id, name ?? "", reason ? `${kind}: ${reason.replaceAll("_", " ")}` : kind],
    ...[decimal(points), decimal(balance), told ? "told" : ""],
  ]);
  const { seal, faults } = await verify(db);
  const proof = faults.length === 0 ? "verify: ok" : `verify: ${faults.length} faults`;
  const lines = [`${proof}, ${seal.rows} rows, ${decimal(seal.owed)} points owed`, ...faults];
  return section(
    "Ledger",
    `${table(["row", "client", "what", "points", "balance", ""], rows)}<p>${lines.map(escaped).join("<br>")}</p>`,
  );
}

function section(title: string, body: string): string {
  return `<section><h2>${escaped(title)}</h2>${body}</section>`;
}

function table(heads: string[], rows: (string | number)[][]): string {
  const row = (cells: (string | number)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}${sum(cell)}>${escaped(String(cell))}</${tag}>`).join("")}</tr>`;
  const body = rows.map((cells) => row(cells, "td")).join("");
  return `<table><thead>${row(heads, "th")}</thead><tbody>${body}</tbody></table>`;
}

/** Sums and their heads stand under each other by their last digit. */
function sum(cell: string | number): string {
  return /^-?\d+\.\d\d$|, ₽$|^points$|^balance$/.test(String(cell)) ? ' class="sum"' : "";
}

function page({ company }: Salon, now: string): string {
  const title = escaped(`${company.title}: a day of the loyalty card`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>${style}</style></head>
<body><h1>${title}</h1><main>${now}</main><p id="over" role="status"></p><script>${script}</script></body></html>`;
}

const style = `
:root { color-scheme: light dark; --line: #ccc; --bot: #eef3ea; --person: #dcebfa; }
@media (prefers-color-scheme: dark) { :root { --line: #444; --bot: #26302a; --person: #1f3145; } }
body { font: 15px/1.4 system-ui, sans-serif; margin: 1rem; }
h1 { font-size: 1.2rem; } h2 { font-size: 1rem; }
main { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); align-items: start; }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .4rem; text-align: left; }
.sum { text-align: right; font-variant-numeric: tabular-nums; }
ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: .4rem; }
li { background: var(--bot); border-radius: .6rem; padding: .4rem .7rem; max-width: 85%; align-self: flex-start; }
li.person { background: var(--person); align-self: flex-end; }
.keys { display: flex; flex-wrap: wrap; gap: .3rem; margin-top: .4rem; }
.keys span { border: 1px solid var(--line); border-radius: .4rem; padding: .1rem .5rem; }`;

// What has not changed is not drawn again: a selection in it would be lost.
const script = `
const [main, over] = [document.querySelector("main"), document.getElementById("over")];
let last = "";
async function again() {
  try {
    const answer = await fetch("/lists");
    if (!answer.ok) throw new Error();
    const now = await answer.text();
    if (now !== last) main.innerHTML = last = now;
    over.textContent = "";
  } catch { over.textContent = "The demo has ended."; }
  setTimeout(again, 1000);
}
void again();`;
