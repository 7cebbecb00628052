// The command menus: which commands Telegram offers to whom. They are display: who may do what is checked elsewhere.

import { type Api, GrammyError } from "grammy";
import type { BotCommand } from "grammy/types";
import type { Shop } from "./desk.ts";
import { hasContacts } from "./keyboards.ts";
import { menuTexts } from "./menu.texts.ts";

/** What menus depend on. */
export type MenuShop = Pick<Shop, "adminIds" | "ownerIds" | "bookUrl" | "supportPhone" | "mapUrl">;

/** Russian is everybody's; English is for those whose Telegram speaks it. */
const languages = [undefined, "en"] as const;

type Name = keyof ReturnType<typeof menuTexts>;

/** Sets the menus of clients and of everybody who works here. Who never pressed Start is left for later. */
export async function setMenus(api: Api, shop: MenuShop): Promise<void> {
  for (const language of languages)
    await api.setMyCommands(commands(clientNames(shop), language), {
      ...(language && { language_code: language }),
    });
  for (const id of new Set([...shop.adminIds, ...shop.ownerIds])) await setOwnMenu(api, shop, id);
}

/** Sets the menu of one who works here, in their own chat; nothing happens to anybody else's. */
export async function setOwnMenu(api: Api, shop: MenuShop, id: number): Promise<void> {
  const names = staffNames(shop, id);
  if (names.length === 0) return;
  try {
    for (const language of languages)
      await api.setMyCommands(commands([...names, ...clientNames(shop)], language), {
        scope: { type: "chat", chat_id: id },
        ...(language && { language_code: language }),
      });
  } catch (error) {
    const nobodyThere =
      error instanceof GrammyError && (error.error_code === 400 || error.error_code === 403);
    if (!nobodyThere) throw error;
  }
}

function clientNames(shop: MenuShop): Name[] {
  return [
    ...(["balance", "card", "history", "why"] as const),
    ...(shop.bookUrl === null ? [] : (["book"] as const)),
    ...(hasContacts(shop) ? (["contacts"] as const) : []),
    ...(["help", "mydata"] as const),
  ];
}

/** Owners work at the till too. */
function staffNames(shop: MenuShop, id: number): Name[] {
  const admin: Name[] = ["today", "credit", "debit", "move", "whyAdmin", "cancel"];
  if (shop.ownerIds.includes(id)) return [...admin, "stats", "export"];
  return shop.adminIds.includes(id) ? admin : [];
}

/** An admin's /why takes a phone, and without one it is the client's: it is listed once. */
function commands(names: Name[], language: string | undefined): BotCommand[] {
  const texts = menuTexts(language);
  const listed = new Map<string, string>();
  for (const name of names) {
    const command = name === "whyAdmin" ? "why" : name;
    if (!listed.has(command)) listed.set(command, texts[name]);
  }
  return [...listed].map(([command, description]) => ({ command, description }));
}
