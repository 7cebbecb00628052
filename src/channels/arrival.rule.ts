// Whether a call that has failed may have reached the messenger all the same.

/** What says that no word was sent: nobody listened, no such name, no way there, or no trust in who answered. As Bun names them. */
const before =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EPROTO|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_\w+|ConnectionRefused|FailedToOpenSocket)$/;

/** Of a call without an answer, by the code of its error; a cut, a time-out and whatever is not known may have arrived. */
export function mayHaveLeft(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return !(typeof code === "string" && before.test(code));
}

/** Of a call that was answered: the messenger's own refusal (4xx) says that nothing was sent. */
export function mayHaveArrivedBy(status: number): boolean {
  return status >= 500;
}
