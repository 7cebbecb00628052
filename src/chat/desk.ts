// What every handler has at hand.

import type { Welcome } from "../cards/link.ts";
import type { Veil } from "../cards/veil.ts";
import type { Channels } from "../channels/channel.ts";
import type { Db } from "../db/connect.ts";
import type { FriendOffer } from "../friends/friend.rule.ts";
import type { Log } from "../log.ts";
import type { ChannelName } from "../rules/account.ts";
import type { CompanyId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import type { Programme } from "../visits/programme.texts.ts";
import type { Staff, StaffIds } from "./staff.ts";

/** The business as its clients see it, and who works there as of a turn. */
export interface Shop extends Programme, StaffIds, FriendOffer {
  /** Known once YCLIENTS has answered, so it is asked each time. */
  title(): string;
  legalName: string | null;
  policyUrl: string | null;
  rulesUrl: string | null;
  supportPhone: string | null;
  bookUrl: string | null;
  /** Whether clients are offered a statement of their card, and whether it carries a proof. */
  statements: "off" | "on" | "proof";
  /** This service's own address; null where it has none. */
  publicUrl: string | null;
  mapUrl: string | null;
  /** The branches; the first one's clock is the till's. */
  companyIds: readonly CompanyId[];
  /** Whether spends pay their visits in the journal, and by which kind of card. */
  settles: "off" | "on" | "mirror";
  settleCardType: number | null;
  /** Points an admin may give and take a day, and the sum above which an owner must agree; null: no such limit. */
  adminDailyLimit: Points | null;
  secondAdminAbove: Points | null;
}

/** What handlers work with. */
export interface Desk {
  channels: Channels;
  /** The messengers in which clients may be told what they have not asked for. */
  tells: readonly ChannelName[];
  db: Db;
  veil: Veil;
  /** What newcomers are given; null: nothing. */
  welcome: Welcome | null;
  shop: Shop;
  staff: Staff;
  /** Works on what a spend is to come to in the journal, for as long as a person waits for an answer. Without it the timetable does. */
  settle?: ((row: EntryId) => Promise<void>) | undefined;
  log: Log;
  now: () => Date;
}
