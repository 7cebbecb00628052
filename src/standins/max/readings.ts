// The ways in which MAX may behave where nobody could see it: each unknown of the reference is a switch of its own.

/** One way for MAX to be. What holds with each of the values needs nobody's word. */
export type MaxReading = {
  /** A deep link opened in a dialog that stands already: brings `bot_started` again, or nothing. */
  startAgain: "event" | "nothing";
  /** An answer to a tap with neither message nor notification. */
  emptyAnswer: "refused" | "taken";
  /** An answer to a tap that is older than a minute. */
  lateAnswer: "taken" | "refused";
  /** Who wrote the message that is answered or handed on: a user, or a name alone. */
  linkSender: "user" | "name";
  /** The two operations a second in a dialog: sends, edits and answers together, or two of each. */
  bucket: "shared" | "apart";
  /** What PUT does with the keys under a message when it is told to change or drop them. */
  keys: "follow" | "stick";
  /** Whether every tap has a `callback_id` of its own, or all taps on a message have one. */
  callbackId: "of_tap" | "of_message";
  /** An edit that changes nothing. */
  editSame: "taken" | "refused";
  /** Whether actions ("is typing") are taken in dialogs. */
  actions: "taken" | "refused";
  /** An action in a dialog whose person has stopped the bot. */
  actionWhenStopped: "refused" | "taken";
  /** What 4000 characters of a text are counted in: as it was sent, or as it is seen. */
  textLength: "sent" | "seen";
  /** Whether `.csv` is a file that may be uploaded. */
  csv: "taken" | "refused";
  /** Whether a contact out of the address book has a hash too; `max_info` then names whose it is. */
  addressBook: "bare" | "hashed";
  /** Whether a dialog that is not there is named in the error's `code` or in its `message`. */
  notFound: "code" | "message";
  /** A second subscription to the same address. */
  subscribeAgain: "replaces" | "adds";
  /** Asking for updates while a subscription stands: an error, or nothing ever comes. */
  pollSubscribed: "refused" | "empty";
  /** What waited before a subscription: posted to it, or kept for who polls. */
  backlog: "posted" | "kept";
};

/** How the stand-in behaves unless it is told otherwise: as most of the sources saw it, or as the page says. */
export const likelyReading: MaxReading = {
  ...{
    startAgain: "event",
    emptyAnswer: "refused",
    lateAnswer: "taken",
    linkSender: "user",
    bucket: "shared",
    keys: "follow",
  },
  ...{ callbackId: "of_tap", editSame: "taken", actions: "taken", actionWhenStopped: "refused" },
  ...{ textLength: "sent", csv: "taken", addressBook: "bare", notFound: "code" },
  ...{ subscribeAgain: "replaces", pollSubscribed: "refused", backlog: "posted" },
};

/** The other value of each switch. */
export const unlikelyReading: MaxReading = {
  ...{
    startAgain: "nothing",
    emptyAnswer: "taken",
    lateAnswer: "refused",
    linkSender: "name",
    bucket: "apart",
    keys: "stick",
  },
  ...{ callbackId: "of_message", editSame: "refused", actions: "refused", actionWhenStopped: "taken" },
  ...{ textLength: "seen", csv: "refused", addressBook: "hashed", notFound: "message" },
  ...{ subscribeAgain: "adds", pollSubscribed: "empty", backlog: "kept" },
};
