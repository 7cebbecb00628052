// Who made a row of the ledger: `sync`, `client:<card>`, `admin:<telegram id>`, `admin:<telegram id>,owner:<telegram id>`.

/** The author at the till, and the owner who agreed where a second person had to. */
export function authorOf(admin: number, owner: number | null = null): string {
  return owner === null ? `admin:${admin}` : `admin:${admin},owner:${owner}`;
}

/** The Telegram ids of those who work here in an author as it is stored; none where a person did nothing. */
export function staffIn(author: string): number[] {
  return [...author.matchAll(/(?:admin|owner):(\d{1,15})/g)].map((found) => Number(found[1]));
}
