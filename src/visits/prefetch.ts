// Reading ahead: YCLIENTS answers about the next while the database takes in the one before.

/**
 * What a reader gives, in order; the next one is being read by then, and no further one. What a reading throws is thrown
 * when its turn comes, and by nobody where the caller has stopped before.
 */
export async function* ahead<Read>(reader: AsyncIterable<Read>): AsyncGenerator<Read> {
  const reading = reader[Symbol.asyncIterator]();
  const next = () => {
    const coming = reading.next();
    coming.catch(() => {});
    return coming;
  };
  try {
    for (let coming = next(); ; ) {
      const { done, value } = await coming;
      if (done) return;
      coming = next();
      yield value;
    }
  } finally {
    // Behind what is being read, which comes to its end.
    reading.return?.().catch(() => {});
  }
}
