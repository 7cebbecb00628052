// Whether somebody is known in a branch, when their birthday is, and who works there: what gifts must ask of the journal.

import { Refused } from "../errors.ts";
import type { CompanyId, YclientsClientId } from "../rules/ids.ts";
import { phoneOf } from "../rules/phone.ts";
import { isDay } from "../rules/time.ts";
import { type Answer, gathered, pagesOf, type Reads } from "./pages.ts";
import { readRecord } from "./record.ts";

type Ask = (path: string, query?: Record<string, string>, body?: object) => Promise<Answer>;

/** More clients than this with one phone are not looked through: the list of them is no search's answer. */
const maxClients = 50;
const pageSize = 200;

/** The questions about people. They throw as all of the journal's do, also where YCLIENTS may not say it: then nothing is known. */
export function peopleQuestions(ask: Ask) {
  return {
    /**
     * The branch's clients with this phone (E.164). The search of YCLIENTS knows second phones and card numbers too: whoever
     * has the number there is the same person (YCLIENTS API: clients/search, `quick_search`).
     */
    async clientsByPhone(companyId: CompanyId, phone: string): Promise<YclientsClientId[]> {
      const filters = [{ type: "quick_search", state: { value: phone.slice(1) } }];
      const body = { page: 1, page_size: pageSize, fields: ["id"], filters };
      const { data } = await ask(`/company/${companyId}/clients/search`, {}, body);
      if (!Array.isArray(data)) throw new Refused("YCLIENTS", 200, "no list of clients");
      if (data.length > maxClients)
        throw new Refused("YCLIENTS", 200, "its search does not tell clients apart");
      return data.map((one) => {
        const id = Number(Object(one).id);
        if (!Number.isSafeInteger(id) || id <= 0)
          throw new Refused("YCLIENTS", 200, "a client without a number");
        return id;
      });
    },

    /** All records of a client in a branch with sessions up to a day (`YYYY-MM-DD`), deleted ones too. */
    recordsOfClient(
      companyId: CompanyId,
      client: YclientsClientId,
      to: string,
      timeZone: string | null,
    ): Promise<Reads> {
      const pages = pagesOf(
        (query) => ask(`/records/${companyId}`, { ...query, client_id: String(client) }),
        { from: longAgo, to },
        (raw, readAt) => readRecord(raw, readAt, timeZone, companyId),
      );
      return gathered(pages);
    },

    /** A client's birthday as `MM-DD`; null where the journal does not say it, or has no such client. */
    async birthday(companyId: CompanyId, client: YclientsClientId): Promise<string | null> {
      try {
        const { data } = await ask(`/client/${companyId}/${client}`);
        return birthdayIn(Object(data).birth_date);
      } catch (error) {
        if (error instanceof Refused && error.code === 404) return null;
        throw error;
      }
    },

    /**
     * The phones (E.164) of all who work in a branch or may sign in to it, as far as YCLIENTS shows them. Two lists, for an
     * employee need not be a user nor a user an employee; where it refuses one, the other is enough.
     */
    async staffPhones(companyId: CompanyId): Promise<Set<string>> {
      const lists = [];
      let refused: unknown;
      for (const path of [`/staff/${companyId}`, `/company_users/${companyId}`]) {
        try {
          lists.push((await ask(path)).data);
        } catch (error) {
          if (!(error instanceof Refused) || ![403, 404].includes(error.code)) throw error;
          refused = error;
        }
      }
      if (lists.length === 0) throw refused;
      return new Set(phonesIn(lists, 0));
    },
  };
}

/** YCLIENTS API: `birth_date` is `YYYY-MM-DD`, an empty text or words of its own. The year is nobody's business here. */
function birthdayIn(raw: unknown): string | null {
  const [, day] = /^\d{4}-(\d\d-\d\d)(?:$|[T ])/.exec(typeof raw === "string" ? raw : "") ?? [];
  return day !== undefined && isDay(`2000-${day}`) ? day : null;
}

/** Before YCLIENTS was. */
const longAgo = "2000-01-01";
/** `employee.phone` and `user.phone` lie three deep in a list of lists. */
const deepest = 6;

/** Every phone in an answer, wherever it stands: where it does is not documented. */
function phonesIn(value: unknown, depth: number): string[] {
  if (depth > deepest || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const phone = key === "phone" ? phoneOf(inner) : null;
    return phone === null ? phonesIn(inner, depth + 1) : [phone];
  });
}
