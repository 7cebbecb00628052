// /programme in Russian: what is in force, since when, and what waits for an owner.

import type { Preview } from "../levels/preview.ts";
import type { Scheme } from "../levels/standing.rule.ts";
import type { Level } from "../rules/levels.rule.ts";
import type { Life } from "../rules/life.ts";
import { ruWords as w } from "../texts/words.ts";
import type { Chosen } from "../visits/chosen.rule.ts";
import type { Terms } from "../visits/visit.rule.ts";
import type { ProgrammeNow } from "./programme.ts";

type LevelsShown = Pick<Scheme, "levels" | "months">;

/** The answer to /programme. */
export function programmeText(shown: ProgrammeNow): string {
  const year = Number(shown.today.slice(0, 4));
  const since = (day: string | null) => (day === null ? "" : `, с ${w.day(day, year)}`);
  const { settings: chosen, levels, coming, waiting } = shown;
  const lines = [
    `<b>Программа</b> на ${w.day(shown.today, null)}`,
    "",
    `Баллы: ${earning(shown)}${since(levels?.levels ? null : shown.termsSince)}`,
    ...(levels?.levels ? [`${levelsWords(levels)}${since(levels.since)}`] : []),
    ...(coming ? [`С ${w.day(coming.since, year)}: ${lowered(levelsOr(coming, chosen))}`] : []),
    chosen.pointsLive === null
      ? "Баллы не сгорают"
      : `Баллы живут ${w.life(chosen.pointsLive)}${since(shown.livesSince)}`,
    ...giftLines(chosen),
    `Списание: ${spending(chosen)}`,
    "",
    waiting === null
      ? "Так же и в настройках: ничего не ждёт вашего решения."
      : "В настройках уровни другие, и по ним кто-то будет получать меньше. Поэтому они ждут вашего решения: считаю, кого это коснётся.",
  ];
  return lines.join("\n");
}

function earning({ settings: terms, levels }: ProgrammeNow): string {
  const of =
    terms.paidBy === "prices" ? "цены услуг" : terms.earnOn === "services" ? "оплаты услуг" : "оплаты визита";
  const percent = levels?.levels ? "процент уровня" : w.percent(terms.percent);
  return `${percent} от ${of}${terms.earnWhen === "arrived" ? ", когда визит состоялся" : ""}`;
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function levelsOr(scheme: LevelsShown, { percent }: Pick<Terms, "percent">): string {
  return scheme.levels === null ? `без уровней, всем ${w.percent(percent)}` : levelsWords(scheme);
}

/** `Уровни по визитам за 12 месяцев: до 50 000 ₽ 1 %, от 50 000 ₽ 3 %`. */
function levelsWords({ levels, months }: LevelsShown): string {
  const over = months === null ? "за всё время" : `за ${w.life({ months })}`;
  const steps = (levels ?? []).map(({ from, percent }: Level) =>
    from === 0 ? `сначала ${w.percent(percent)}` : `от ${w.money(from)} ${w.percent(percent)}`,
  );
  return `Уровни по оплатам ${over}: ${steps.join(", ")}`;
}

function giftLines(chosen: Chosen): string[] {
  const { welcomePoints, welcomeLive, birthdayPoints, birthdayLive, friendPoints } = chosen;
  const live = (life: Life | null) => (life === null ? "" : `, живут ${w.life(life)}`);
  return [
    ...(welcomePoints === null
      ? []
      : [`За первую привязку карты: ${w.points(welcomePoints)}${live(welcomeLive)}`]),
    ...(birthdayPoints === null ? [] : [`Ко дню рождения: ${w.points(birthdayPoints)}${live(birthdayLive)}`]),
    ...(friendPoints === null ? [] : [friendLine(chosen, friendPoints)]),
  ];
}

function friendLine(chosen: Chosen, { inviter, friend }: NonNullable<Chosen["friendPoints"]>): string {
  const least = chosen.friendLeastBill === null ? "" : ` от ${w.money(chosen.friendLeastBill)}`;
  const after = w.life({ days: chosen.friendAfterDays });
  const both = [
    ...(inviter > 0 ? [`пригласившему ${w.points(inviter)}`] : []),
    ...(friend > 0 ? [`другу ${w.points(friend)}`] : []),
  ].join(", ");
  return `За друга: ${both} через ${after} после его первого визита${least}; одному клиенту не больше ${w.times(chosen.friendAMonth)} в месяц и ${w.times(chosen.friendAYear)} в год`;
}

function spending({ spendMaxPercent, spendStep, spendLeastBill, spendOn, cardDailyActs }: Chosen): string {
  return [
    spendMaxPercent >= 100 ? "весь счёт, кроме 1\u00a0₽" : `до ${w.percent(spendMaxPercent * 100)} счёта`,
    ...(spendStep === null ? [] : [`числом, кратным ${w.amount(spendStep)}`]),
    ...(spendLeastBill === null ? [] : [`при счёте от ${w.money(spendLeastBill)}`]),
    ...(spendOn === "services" ? ["только за услуги"] : []),
    ...(cardDailyActs === null ? [] : [`с одной карты не больше ${w.times(cardDailyActs)} в день`]),
  ].join(", ");
}

/** What is said of levels that wait, and of the decision. */
export const decisionTexts = {
  preview: (waiting: LevelsShown, percent: Terms["percent"], { up, down, same }: Preview) =>
    [
      `<b>В настройках</b>: ${lowered(levelsOr(waiting, { percent }))}.`,
      `Клиентов, которым следующий визит даст больше, чем сейчас: ${w.count(up)}, меньше: ${w.count(down)}, столько же: ${w.count(same)}.`,
      "Если принять, тем, кому станет хуже, бот напишет сейчас, а действовать это начнёт через 30\u00a0дней. Уже начисленное не изменится.",
    ].join("\n"),
  accept: "Принять",
  accepted: (day: string, today: string) =>
    `Принято. Новые уровни действуют с ${w.day(day, Number(today.slice(0, 4)))}. Кто по ним получит меньше, узнает об этом заранее. Передумали — верните прежние LEVELS в настройках до этого дня.`,
  gone: () =>
    "Решать больше нечего: настройки уже другие, или это сделал другой владелец. Как сейчас — /programme",
};
