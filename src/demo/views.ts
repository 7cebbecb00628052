// What the page shows: the journal and the chats as people see them now, and what the database says.

import type { Db } from "../db/connect.ts";
import { verifyLedger } from "../ledger/verify.ts";
import { dayOf } from "../rules/time.ts";
import type { Shown } from "../standins/telegram/chats.ts";
import type { Person } from "../standins/telegram/people.ts";
import type { Telegram } from "../standins/telegram/server.ts";
import { LOYALTY } from "../standins/yclients/cards.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import type { ChainLoyalty } from "../standins/yclients/loyalty.ts";
import { type Branch, paidFor, priceOf } from "../standins/yclients/record.ts";
import { owedTexts } from "../statements/owed.texts.ts";
import { owedAsOf } from "../statements/owed.ts";
import { asText } from "../statements/paper.ts";
import { recordFaults } from "../visits/proof.ts";
import type {
  ButtonView,
  Chat,
  Ledger,
  Message,
  PointsCard,
  ReadVisit,
  Row,
  Visit,
} from "./page/protocol.ts";

/** Where visits are looked at: `chain` has what cards pay of them. */
interface Visited {
  company: Branch;
  journal: Journal;
  chain: ChainLoyalty;
}

/** The branch's visits by their time, time blocks left out. */
export function journalView({ journal, company, chain }: Visited, now: Date): Visit[] {
  const today = dayOf(now, company.timeZone);
  return journal
    .records(company.id)
    .filter((record) => record.client !== null)
    .map((record) => ({
      id: record.id,
      at: record.datetime.slice(0, 16),
      today: record.datetime.startsWith(today),
      client: record.client?.name ?? "",
      phone: record.client?.phone ?? "",
      title: record.services.map((service) => service.title).join(", "),
      price: priceOf(record, chain.offServices(record)),
      points: priceOf(record) - priceOf(record, chain.offServices(record)),
      card: cardView(chain, record.client?.phone ?? ""),
      paid: paidFor(record),
      attendance: record.attendance,
      paidFull: record.paid_full === 1,
      prepaid: record.prepaid,
      deleted: record.deleted,
    }))
    .sort((one, other) => one.at.localeCompare(other.at) || one.id - other.id);
}

/** The client's card in YCLIENTS of the kind that is kept for points; null where they have none. */
function cardView(chain: ChainLoyalty, phone: string): PointsCard | null {
  const [card] = chain.cardsOf([phone.replaceAll(/\D/g, "")]);
  if (!card) return null;
  const moves = chain.rows
    .filter((row) => row.cardId === card.id)
    .map(({ id, type, kopecks, stands }) => {
      const move =
        type === LOYALTY.withdrawal ? (stands ? "paid" : "back") : type === LOYALTY.added ? "put" : "taken";
      return { id, move, kopecks } as const;
    });
  return { balance: card.kopecks, moves };
}

/** A person's chat with the bot. */
export function chatView(person: Person, telegram: Telegram): Chat {
  const { chat, profile } = person;
  const waiting = new Set(
    (
      telegram.webhook.pending as { message?: Pick<Shown, "message_id"> & { chat: { id: number } } }[]
    ).flatMap(({ message }) => (message?.chat.id === chat.info.id ? [message.message_id] : [])),
  );
  const answer = person.answeredCallbacks.findLast((one) => one.text);
  return {
    name: profile.firstName,
    phone: profile.phone ?? "",
    started: chat.started,
    messages: chat.messages.map((shown) => messageView(shown, waiting.has(shown.message_id))),
    keyboard: chat.keyboard.map((row) =>
      row.map((key) => {
        const { text, ...does } = typeof key === "string" ? { text: key } : key;
        return { text, contact: "request_contact" in does };
      }),
    ),
    commands: telegram.commandsFor(person),
    toast: answer ? { id: answer.id, text: answer.text ?? "", alert: answer.show_alert === true } : null,
  };
}

function messageView(shown: Shown, waiting: boolean): Message {
  const { photo, document, contact } = shown;
  return {
    id: shown.message_id,
    at: shown.date * 1000,
    from: shown.from,
    text: shown.text,
    marks: shown.entities.map((one) => ({
      ...{ type: one.type, offset: one.offset, length: one.length },
      ...("url" in one && { url: one.url }),
    })),
    inline: shown.inline.map((row) => row.map(buttonView)),
    photo: photo?.id ?? null,
    file: document ? { id: document.id, name: document.name, bytes: document.bytes.length } : null,
    contact: contact ? `+${contact.phone_number.replace(/^\+/, "")}` : null,
    sticker: shown.sticker ?? null,
    edited: shown.edited,
    waiting,
  };
}

function buttonView(button: Shown["inline"][number][number]): ButtonView {
  return {
    text: button.text,
    ...("callback_data" in button && { data: button.callback_data }),
    ...("url" in button && { url: button.url }),
    ...("copy_text" in button && { copy: button.copy_text.text }),
  };
}

/** The ledger with its proof, the cards, and what was read of the journal. */
export async function ledgerView(db: Db, at: { now: Date; timeZone: string }): Promise<Ledger> {
  const [found, cards, read, [held], [late], proof, owed] = await Promise.all([
    ledgerRows(db),
    db<Ledger["cards"]>`
      select coalesce(c.name, '') as name, coalesce(c.phone, '') as phone,
        coalesce(b.balance, 0) as balance, c.linked,
        array(select a.channel from accounts a where a.client_id = c.id order by a.channel desc) as channels
      from clients c left join balances b on b.client_id = c.id order by c.id`,
    db<(ReadVisit & { record: number })[]>`
      select record_id as record, decision, price, services_paid + goods_paid as paid, attendance,
        paid_full as "paidFull", deleted
      from visits`,
    db<{ until: Date }[]>`
      select blocked_until as until from request_budget where blocked_until > clock_timestamp()`,
    db<{ count: number }[]>`select count(*)::int as count from notices where late_since is not null`,
    verifyLedger(db, recordFaults),
    owedAsOf(db, { asOf: null, ...at }),
  ]);
  const paper = (language: "ru" | "en") => asText(owedTexts(language).paper(owed));
  const rows = found.map(({ at, ...row }) => ({ ...row, at: at.getTime() }));
  return {
    rows,
    cards: [...cards],
    proof: { faults: proof.faults, ...proof.seal },
    owed: { ru: paper("ru"), en: paper("en") },
    read: Object.fromEntries(read.map(({ record, ...visit }) => [record, visit])),
    late: late?.count ?? 0,
    untold: rows.filter((row) => row.linked && !row.told).length,
    heldUntil: held ? held.until.getTime() : null,
  };
}

function ledgerRows(db: Db): Promise<(Omit<Row, "at"> & { at: Date })[]> {
  return db<(Omit<Row, "at"> & { at: Date })[]>`
    select b.id, coalesce(c.name, c.phone, '') as card, b.kind, b.points, b.paid, b.reason, b.corrects,
      sum(b.points) over (partition by b.client_id order by b.id) as after,
      coalesce(b.record_id, award.record_id) as record, b.actor like 'admin:%' as "byHand",
      b.is_telegram_notified as told, c.linked, b.awarded_at as at
    from bonuslog b join clients c on c.id = b.client_id
    left join bonuslog award on award.id = b.corrects and award.kind = 'award'
    order by b.id`;
}
