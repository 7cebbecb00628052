// Reading ahead: YCLIENTS answers about the next while the database takes in the one before.

/**
 * Each item with what was read of it, in order; the next one's reading has begun by then, and no further one. What a
 * reading throws is thrown when its turn comes, and by nobody where the caller has stopped before.
 */
export async function* ahead<Item, Read>(
  items: Item[],
  read: (item: Item) => Promise<Read>,
): AsyncGenerator<[Item, Read]> {
  let coming: Promise<Read> | null = null;
  for (const [at, item] of items.entries()) {
    const done = await (coming ?? read(item));
    const next = items[at + 1];
    coming = next === undefined ? null : read(next);
    coming?.catch(() => {});
    yield [item, done];
  }
}
