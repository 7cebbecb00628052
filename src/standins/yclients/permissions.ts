// The rights of the user whose token the stand-in YCLIENTS is asked with.

/** YCLIENTS API: `…_last_days_count` -1 is without limit. */
export type Permissions = {
  timetable_access: boolean;
  timetable_phones_access: boolean;
  client_phones_access: boolean;
  clients_card_phone_access: boolean;
  finances_transactions_access: boolean;
  finances_last_days_count: number;
  /** From here on only where the branches have loyalty. */
  loyalty_access: boolean;
  loyalty_cards_manual_transactions_access: boolean;
  record_form_access: boolean;
  record_form_client_access: boolean;
  records_finances_access: boolean;
  records_finances_last_days_count: number;
};

export function allRights(): Permissions {
  return {
    timetable_access: true,
    ...{ timetable_phones_access: true, client_phones_access: true, clients_card_phone_access: true },
    ...{ finances_transactions_access: true, finances_last_days_count: -1 },
    ...{ loyalty_access: true, loyalty_cards_manual_transactions_access: true },
    ...{ record_form_access: true, record_form_client_access: true },
    ...{ records_finances_access: true, records_finances_last_days_count: -1 },
  };
}

/**
 * YCLIENTS API: `GET /user/permissions` groups the rights by the sections of its interface; in which of them those of
 * loyalty stand is not documented. `loyaltyName` is how the first of those is printed; null where there is no loyalty.
 */
export function grouped(rights: Permissions, loyaltyName: string | null): object {
  const { timetable_access, timetable_phones_access } = rights;
  const { client_phones_access, clients_card_phone_access } = rights;
  const { finances_transactions_access, finances_last_days_count } = rights;
  const common = {
    timetable: { timetable_access, timetable_phones_access },
    clients: { clients_access: true, client_phones_access, clients_card_phone_access },
    finances: { finances_access: true, finances_transactions_access, finances_last_days_count },
  };
  if (loyaltyName === null) return common;
  const { loyalty_access, loyalty_cards_manual_transactions_access } = rights;
  const { record_form_access, record_form_client_access } = rights;
  const { records_finances_access, records_finances_last_days_count } = rights;
  return {
    ...common,
    timetable: { ...common.timetable, record_form_access, record_form_client_access },
    finances: { ...common.finances, records_finances_access, records_finances_last_days_count },
    loyalty: { [loyaltyName]: loyalty_access, loyalty_cards_manual_transactions_access },
  };
}
