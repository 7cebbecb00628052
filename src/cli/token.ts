// `token`: login and password of a YCLIENTS user, asked on the terminal and kept nowhere, become a user token; and what it may see.

import { explain } from "../app/checks.ts";
import { neededRights, rightWords, usersPage, whereGiven } from "../check/rights.texts.ts";
import { isSet, readConfig } from "../config/config.ts";
import { OperatorError, Refused } from "../errors.ts";
import type { CompanyId } from "../rules/ids.ts";
import { realPhoneOf } from "../rules/phone.ts";
import type { Yclients } from "../yclients/client.ts";
import type { Rights } from "../yclients/rights.ts";
import type { Shell } from "./commands.ts";
import { askedJournal } from "./journal.ts";
import type { Questions } from "./terminal.ts";

const perMinute = 150;
/** Branches whose rights are asked where no COMPANY_ID says which. */
const maxBranches = 10;

/**
 * Prints the token alone to standard output, so that it can go into a file, and all else to the terminal. It needs no
 * database and no bot. What was typed gets into no argument, setting, file, log or message.
 */
export async function token({ env, out, terminal, questions }: Shell): Promise<number> {
  const { yclientsPartnerToken: partnerToken, yclientsApiUrl: url } = readConfig(env, {
    only: ["yclientsPartnerToken", "yclientsApiUrl"],
  });
  const wanted = isSet(env, "companyIds") ? readConfig(env, { only: ["companyIds"] }).companyIds : null;
  if (!questions || !terminal)
    throw new OperatorError(
      "token asks for a login and a password, which it does not show: run it on a terminal, with input and errors left there (under Docker: docker compose run --rm bot token).",
    );
  const typed = await credentials(questions, terminal);
  if (typed === null) return 130; // as whoever ends by Ctrl-C
  const journal = (userToken: string | null) => askedJournal({ url, partnerToken, userToken }, perMinute);
  const userToken = await journal(null).logIn(typed.login, typed.password).catch(refused);
  if (userToken === null)
    throw new OperatorError(
      `YCLIENTS gave no token: it wants a code beside the password. Make a user for the bot alone, in YCLIENTS, ${usersPage}, who signs in without a code, and run token again with that one.`,
    );
  terminal("The user token, for YCLIENTS_USER_TOKEN:\n");
  await out(`${userToken}\n`);
  await tellRights(journal(userToken), wanted, terminal).catch((error: unknown) => {
    const { says, remedy } = explain(error);
    terminal(
      `Its rights are not known: ${says}${remedy ? `. Remedy: ${remedy}` : ""}. loyalty-bot check asks again.\n`,
    );
  });
  terminal("Write the token where YCLIENTS_USER_TOKEN is read from, then run loyalty-bot check.\n");
  return 0;
}

/** What was typed; null when whoever was asked has left. The terminal is theirs again before anything is sent. */
async function credentials(
  questions: () => Questions,
  terminal: (text: string) => void,
): Promise<{ login: string; password: string } | null> {
  using asked = questions();
  terminal("Login and password of a YCLIENTS user go to YCLIENTS alone and are kept nowhere.\n");
  for (;;) {
    const written = await asked.ask("Phone or e-mail: ");
    if (written === null) return null;
    const login = loginOf(written);
    if (login === null) {
      terminal("Write the phone as +7 916 123-45-67, or the e-mail, as you sign in to YCLIENTS.\n");
      continue;
    }
    const password = await asked.ask("Password (not shown): ", { hidden: true });
    if (password) return { login, password };
    if (password === null) return null;
    terminal("Nothing was typed.\n");
  }
}

/** An e-mail as it is; a phone in YCLIENTS's own spelling, digits alone (YCLIENTS API: `POST /auth`). */
function loginOf(written: string): string | null {
  const text = written.trim();
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return text;
  return realPhoneOf(text)?.slice(1) ?? null;
}

/** Whatever YCLIENTS says of a refusal, it may repeat what it was sent: only its number is told. */
function refused(error: unknown): never {
  if (!(error instanceof Refused)) {
    const { says, remedy } = explain(error);
    throw new OperatorError(`${says}. ${remedy ? `Remedy: ${remedy}. ` : ""}No token was made.`);
  }
  if (error.code === 429)
    throw new OperatorError(
      "YCLIENTS takes no more requests for now (429): wait a minute, then run token again.",
    );
  throw new OperatorError(
    `YCLIENTS refuses (${error.code}): it has no user with this login and password, or does not know YCLIENTS_PARTNER_TOKEN. Sign in to YCLIENTS with the same two; if that works, copy the partner token again.`,
  );
}

/** Each right in each branch: whether the token has it, what it is for, and where it is given. */
async function tellRights(
  journal: Pick<Yclients, "branches" | "rights">,
  wanted: readonly CompanyId[] | null,
  terminal: (text: string) => void,
): Promise<void> {
  const own = await journal.branches();
  const named = own.map(({ id, title }) => (title === null ? `${id}` : `${id} (${title})`)).join(", ");
  if (wanted === null)
    terminal(`COMPANY_ID is not set. Branches where this user works: ${named || "YCLIENTS names none"}.\n`);
  for (const id of wanted ?? own.slice(0, maxBranches).map((one) => one.id)) {
    const works = own.length === 0 || own.some((one) => one.id === id);
    const lines = works
      ? rightLines(await journal.rights(id))
      : [
          `lacks  the branch: this user works in ${named}`,
          `       → add the user there (${usersPage}), or correct COMPANY_ID`,
        ];
    terminal([`Branch ${id}`, ...lines.map((line) => `  ${line}`)].join("\n").concat("\n"));
  }
}

function rightLines(rights: Rights): string[] {
  return neededRights.flatMap((right) => {
    const { paymentDays } = rights;
    const short =
      right === "payments" && rights.payments !== false && paymentDays !== null && paymentDays >= 0;
    const words = rightWords(right);
    if (rights[right] === false || short)
      return [
        `lacks  ${words}${short ? ` (${paymentDays} days are seen)` : ""}`,
        `       → ${whereGiven(right)}`,
      ];
    return rights[right] === true ? `has    ${words}` : `?      ${words} (YCLIENTS does not say)`;
  });
}
