// What the stand-in YCLIENTS answers about people: who signs in, the search among a branch's clients, who works there.

import { errorAnswer, type YclientsFaults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import type { Employee, JournalRecord } from "./record.ts";

/** A user who signs in, and whether with a code beside the password. */
export type SigningIn = { login: string; password: string; secondStep?: boolean };

type Search = { page?: unknown; page_size?: unknown; fields?: unknown; filters?: unknown };

const digits = (value: unknown) => String(value ?? "").replace(/\D/g, "");

/**
 * `POST /company/{id}/clients/search`. YCLIENTS API: only the number of each client unless `fields` asks for more, at most 200
 * a page; `quick_search` looks into phone, name and card. A user who may not see phones finds nobody by one.
 */
export async function searchClients(
  journal: Journal,
  companyId: number,
  request: Request,
  faults: YclientsFaults,
): Promise<Response> {
  const body = (await request.json().catch(() => null)) as Search | null;
  if (body === null || !Array.isArray(body.filters)) return errorAnswer(422);
  const size = Number(body.page_size ?? 25);
  if (!(size >= 1 && size <= 200)) return errorAnswer(422);
  const sought = body.filters.map((filter) => String(Object(Object(filter).state).value ?? "").toLowerCase());
  const clients = new Map(
    journal.records(companyId).flatMap(({ client }) => (client ? [[client.id, client]] : [])),
  );
  const found = [...clients.values()].filter((client) =>
    sought.every(
      (value) =>
        // Worlds spoil what a journal holds: it answers with the rest all the same.
        String(client.name).toLowerCase().includes(value) ||
        (!faults.maskPhones && digits(client.phone).includes(digits(value) || "none")),
    ),
  );
  const fields = Array.isArray(body.fields) ? body.fields.map(String) : ["id"];
  const from = (Number(body.page ?? 1) - 1) * size;
  const data = found
    .slice(from, from + size)
    .map((client) => Object.fromEntries(Object.entries(client).filter(([key]) => fields.includes(key))));
  return Response.json({ success: true, data, meta: { total_count: found.length } });
}

/** `GET /client/{company}/{id}`. YCLIENTS API: `birth_date` is an empty text where it was never filled in. */
export function oneClient(journal: Journal, records: JournalRecord[], id: number): Response {
  const client = records.findLast((record) => record.client?.id === id)?.client;
  if (!client) return errorAnswer(404);
  const data = { ...client, birth_date: journal.birthdays.get(id) ?? "" };
  return Response.json({ success: true, data, meta: [] });
}

/** `GET /staff/{company}`: who serves clients. The phone stands in what the person is called as an employee. */
export function staffList(staff: Employee[], faults: YclientsFaults): object[] {
  return staff.map(({ id, name, phone }) => ({
    ...{ id, name, specialization: "Мастер", fired: 0, hidden: 0, rating: 0 },
    employee: { id, name, surname: "", patronymic: "", phone: shown(phone, faults) },
    user: [],
  }));
}

/** `GET /company_users/{company}`: who may sign in. */
export function companyUsers(staff: Employee[], faults: YclientsFaults): object[] {
  return staff.map(({ id, name, phone }) => ({
    ...{ id, firstname: name, phone: shown(phone, faults) },
    email: "",
  }));
}

/** How YCLIENTS hides a phone from who may not see it is not documented: here it leaves nothing of it. */
function shown(phone: string, { maskPhones }: YclientsFaults): string {
  return maskPhones ? "" : phone;
}

/**
 * YCLIENTS API: `POST /auth` with the partner's token alone gives the user's, by 201. Where a code is wanted too, it answers
 * 200 without one (github igkuzm/cYclients).
 */
export async function signIn(
  request: Request,
  { partnerToken, userToken, user }: { partnerToken: string; userToken: string; user?: SigningIn },
): Promise<Response> {
  if (request.headers.get("authorization") !== `Bearer ${partnerToken}`) return errorAnswer(401);
  const sent = (await request.json().catch(() => null)) as { login?: unknown; password?: unknown } | null;
  if (request.method !== "POST") return errorAnswer(404);
  if (!user || sent?.login !== user.login || sent.password !== user.password)
    return errorAnswer(401, "Неверный логин или пароль");
  if (user.secondStep) {
    const data = { uuid: "0e8400e2-9b1d-41d4-a716-446655440000" };
    return Response.json({ success: true, data, meta: [] });
  }
  const data = { id: 1, user_token: userToken, name: "Ольга", login: user.login, is_approved: true };
  return Response.json({ success: true, data, meta: [] }, { status: 201 });
}
