// `statement` and `owed`: the accountant's papers, on standard output.

import { cardOfPhone } from "../cards/link.ts";
import { readConfig } from "../config/config.ts";
import { OperatorError } from "../errors.ts";
import { realPhoneOf } from "../rules/phone.ts";
import { dayOf } from "../rules/time.ts";
import { owedTexts } from "../statements/owed.texts.ts";
import { owedAsOf } from "../statements/owed.ts";
import { asHtml, asText, type Paper } from "../statements/paper.ts";
import { proofAddress } from "../statements/proof-page.ts";
import { statementTexts } from "../statements/statement.texts.ts";
import { statementOf } from "../statements/statement.ts";
import { branchZone } from "../visits/branch.ts";
import type { Flags } from "./args.ts";
import { dayFlag, type Shell, withDatabase } from "./commands.ts";

/** `statement --phone P [--from DATE] [--to DATE] [--csv | --html] [--language ru|en]`: a card's statement. */
export async function statement({ env, out }: Shell, flags: Flags): Promise<number> {
  const phone = phoneFlag(flags);
  const [from, to] = [dayFlag(flags, "from"), dayFlag(flags, "to")];
  if (from !== null && to !== null && from > to)
    throw new OperatorError(`--from is ${from}, which is after --to, ${to}: write the earlier day first.`);
  const language = languageFlag(flags);
  oneForm(flags);
  const { companyIds, statements, publicUrl } = readConfig(env, {
    only: ["companyIds", "databaseUrl", "statements", "publicUrl"],
  });
  return withDatabase(env, async (db) => {
    const timeZone = await branchZone(db, companyIds);
    const now = new Date();
    notToCome({ from, to }, dayOf(now, timeZone));
    const card = await cardOfPhone(db, phone);
    const proof = statements === "proof";
    const asked = { from, to, viewer: "staff", timeZone, now, proof } as const;
    const found = card === null ? null : await statementOf(db, { ...asked, card });
    if (found === null) throw new OperatorError("No card has this phone.");
    const t = statementTexts(language);
    await out(
      flags.asCsv
        ? t.table(found, "program")
        : asPaper(t.paper(found, "phone", proofAddress(publicUrl)), flags),
    );
    return 0;
  });
}

/** `owed [--as-of DATE] [--csv | --html] [--language ru|en]`: the points owed at the end of a day, or now. */
export async function owed({ env, out }: Shell, flags: Flags): Promise<number> {
  const asOf = dayFlag(flags, "as-of");
  const language = languageFlag(flags);
  oneForm(flags);
  const { companyIds } = readConfig(env, { only: ["companyIds", "databaseUrl"] });
  return withDatabase(env, async (db) => {
    const timeZone = await branchZone(db, companyIds);
    const now = new Date();
    const today = dayOf(now, timeZone);
    notToCome({ "as-of": asOf }, today);
    const t = owedTexts(language);
    const of = { asOf: asOf === today ? null : asOf, timeZone, now };
    if (flags.asCsv) {
      await out(t.heads());
      await owedAsOf(db, of, (parts) => out(parts.map(t.row).join("")));
    } else await out(asPaper(t.paper(await owedAsOf(db, of)), flags));
    return 0;
  });
}

/** What a card will hold nobody knows. */
function notToCome(days: Record<string, string | null>, today: string): void {
  for (const [flag, day] of Object.entries(days))
    if (day !== null && day > today)
      throw new OperatorError(`--${flag} is ${day}, which is still to come: today is ${today}.`);
}

function asPaper(paper: Paper, { html }: Flags): string {
  return html ? asHtml(paper) : asText(paper);
}

function oneForm({ asCsv, html }: Flags): void {
  if (asCsv && html) throw new OperatorError("Write --csv or --html: it is one file.");
}

function phoneFlag({ phone }: Flags): string {
  const read = phone === undefined ? null : realPhoneOf(phone);
  if (read === null) throw new OperatorError("--phone takes the phone of a card, for example +79001234567.");
  return read;
}

/** `--language`, Russian by itself. */
export function languageFlag({ language = "ru" }: Flags): string {
  if (language !== "ru" && language !== "en") throw new OperatorError("--language takes ru or en.");
  return language;
}
