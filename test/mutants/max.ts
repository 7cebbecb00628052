/** Faults in MAX's adapter: whose phone it is, how fast it speaks, what a refusal means, what comes in, and how often. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const max = [
  ...mutantsIn("channels/max/contact.ts", ["channels/max/contact"], {
    "a contact of MAX needs no signature": 'phone !== ""[- && isSigned(card, contact.hash, token)-]',
    "anybody's signed contact is taken for the sender's own in MAX":
      'if ([-owner !== sender-]{+false+}) return { phone, whose: "account" };',
    "a contact that MAX names nobody for is proven by its signature":
      'if (owner === undefined) return { phone: spelledPhoneOf(card), whose: [-"book"-]{+isSigned(card, contact.hash, token) ? "proven" : "book"+} };',
    "a contact that was handed on in MAX proves its phone": "const proven = [-alone && -]fresh &&",
    "a contact of MAX proves its phone however old it is": "alone && [-fresh && -]phone",
    "a contact of MAX is fresh for a year": "const longestMs = 25 * [-3_600_000-]{+365 * 3_600_000+};",
    "a contact of MAX from the day after tomorrow is fresh": "[-Math.abs(ageMs)-]{+ageMs+} <= longestMs",
    "the line ends of a signed contact are tidied":
      'update([-card-]{+card.replaceAll("\\r\\n", "\\n")+}).digest();',
    "a contact is signed by its length alone":
      "return timingSafeEqual([-sum(one), sum(other)-]{+sum(`${one.length}`), sum(`${other.length}`)+});",
    "base64 of a contact's digest is refused": '["hex"[-, "base64", "base64url"-]] as const',
    "a contact signed in capitals is taken":
      'isSame(digest.toString(way), [-hash ?? ""-]{+(hash ?? "").toLowerCase()+})',
    "the first of two numbers on a contact is its phone":
      "return [-lines.length === 1-]{+lines.length > 0+} ? (lines[0]",
    "a second number in other letters is overlooked on a contact": "tel\\b/[-i-].test(line)",
    "a hidden number of a contact is read as far as it is shown": "{1,30})[-$-]/.exec",
    "line ends that are written as words are signed as words":
      'card.includes("\\r") ? card : card[-.replaceAll("\\\\r\\\\n", "\\r\\n")-];',
  }),
  ...mutantsIn("channels/max/pace.ts", ["channels/max/pace"], {
    "three calls a second go into one dialog of MAX": "const inADialog = [-2-]{+3+};",
    "thirty-one calls a second go to MAX": "const inAll = [-25-]{+31+};",
    "MAX's second ends a moment too early": "const windowMs = [-1_050-]{+950+};",
    "what nobody asked for goes before answers in MAX":
      "const place = [-asked ? this.#line.findIndex((one) => !one.asked) : -1-]{+-1+};",
    "what nobody asked for fills MAX to the brim": "asked ? inAll : inAll[- - reserve-]",
    "whoever gives up waiting for MAX counts": "if (one?.counts[- && !one.signal?.aborted-]) this.#count",
    "a turn takes the room that it waits for in MAX": "asked: false, counts: [-false-]{+true+}, signal });",
    "a program that stops waits for its turn in MAX":
      "one.signal?.aborted ? [-0-]{+this.#waitOf(one, now)+} :",
    "calls for nobody do not count in MAX":
      "[-this.#went = [...recent(this.#went), now];\n    if (whose === null) return;-]{+if (whose === null) return;\n    this.#went = [...recent(this.#went), now];+}",
  }),
  ...mutantsIn("channels/max/bot.ts", ["channels/max/max"], {
    "any 403 of MAX is taken for a person who has gone":
      "status === 403[- && /\\bdialog\\.suspended\\b/.test(code)-]",
    "who has stopped the bot in MAX is a failure": "(status === [-403-]{+402+} && /",
    "who never started the bot in MAX is a failure": "(status === [-404-]{+402+} && /",
    "an answer that was too much for MAX is given up": "if (!asked || tries > [-1-]{+0+}) throw error;",
    "MAX asks for ever the same wait": "backOff(Math.max(1, [-this.#refusals-]{+1+}), 1_000, 30_000)",
    "MAX's refusals are never forgotten": "[-this.#refusals = 0;-]\n        return body;",
  }),
  ...mutantsIn("channels/max/client.ts", ["channels/max/max"], {
    "a 200 that says no is taken for a yes by MAX": "fields !== null[- && fields.success !== false-])",
    "what a gateway answers for MAX has certainly not arrived":
      "is no answer of MAX's API`, [-true-]{+mayHaveArrivedBy(status)+});",
    "a gateway's page is MAX's own refusal":
      'this.status === null || this.status >= 500[- || this.code === ""-]',
    "what was refused by MAX may have arrived":
      "new MaxFault(status, named, words, [-mayHaveArrivedBy(status)-]{+true+});",
    "MAX's own words for a refusal go to the log as they are":
      "const words = `${status}: ${named} (${[-ownWordsOf(message)-]{+message+}})`;",
    "the key in a message of MAX is not looked for": '.exec([-wordsOf(message)-]{+""+})?.[0] ?? "";',
    "a picture that its host refused with a 200 counts as put there":
      'answer.status === 200[- && !("error_code" in fields)-]) return fields;',
  }),
  ...mutantsIn("channels/max/trust.ts", ["channels/max/trust"], {
    "any root is believed for MAX": "all.find((one) => [-one.fingerprint256 === fingerprint-]{+one.ca+});",
    "a stranger's certificate beside the root is believed":
      "const strange = [-all.some((one) => !(one.checkIssued(root) && one.verify(root.publicKey)))-]{+false+};",
    "the extra root is believed for every host":
      'return [-protocol === "https:" && (hostname === domain || hostname.endsWith(`.${domain}`))-]{+true+};',
    "the extra root is believed for names that only end alike": "hostname.endsWith(`[-.-]${domain}`)",
  }),
  ...mutantsIn("channels/max/update.ts", ["channels/max/update"], {
    "a group's words are heard in MAX":
      '[-recipient.chat_type === "dialog" && -]sender && sender.is_bot !== true;',
    "another bot's words are heard in MAX": "sender[- && sender.is_bot !== true-];",
    "a tap under anybody's message has its data in MAX": "[-message?.sender?.is_bot === true &&-]",
    "a tap in another's dialog has its data in MAX":
      "[-[user.user_id, null, undefined].includes(recipient.user_id)-]{+true+};",
    "forwarded words are a command in MAX":
      'link?.type === "forward" ? [-null-]{+commandOf(text, reader.nick)+} :',
    "a contact beside something else is alone": "alone: !link[- && attached.length === 1-],",
    "a contact in a reply or handed on is alone": "alone: [-!link && -]attached.length === 1,",
    "a command for another bot is ours in MAX":
      "[- || (to !== undefined && to.toLowerCase() !== nick.toLowerCase())-]",
    "two taps of one keyboard are one in MAX": 'keyOf("tap", user.user_id, tap[-, payload, timestamp-]);',
    "an edit is the same update as its message in MAX":
      'from(keyOf([-"edited", mid, timestamp-]{+"created", mid+}), sender',
    "words with a link are no words in MAX": 'attached.every((one) => [-one.type === "share"-]{+false+})',
    "words can be put in place of a picture in MAX": "test(one.type))[--]{+ || true+},",
  }),
  ...mutantsIn("channels/max/max.ts", ["channels/max/max"], {
    "a tap without a change is ended by nothing in MAX":
      "if (words === null[- && tap?.ended !== false-]) return null;",
    "a changed message's tap is ended a second time in MAX": "[-open.tap.ended = true;-]\n      } catch",
    "a tap that is too old keeps its message in MAX":
      "[-await this.#put(to, mid, body);-]{+throw error;+}\n      }\n    });",
    "an upload that is not ready is given up in MAX": "await this.mine.pause([-pauseMs-]{+0+});",
    "rows of MAX may have seven buttons that open something": "? [-3-]{+7+} : 7);",
  }),
  ...mutantsIn("channels/max/files.ts", ["channels/max/max"], {
    "an ending that MAX refuses is not written otherwise":
      'if (kind === "file" && error.status === [-415-]{+416+} &&',
    "a picture is put there anew each time": "[-this.#tokens.set(key, token);-]",
    "an upload that failed may have reached the person":
      "throw new MaxFault(error.status, error.code, error.message, [-false-]{+error.mayHaveArrived+}, error.fault);",
  }),
  ...mutantsIn("channels/max/polling.ts", ["channels/max/listening"], {
    "MAX is asked without its mark": "marker: [-mark ?? undefined-]{+undefined+},",
    "a batch of MAX is confirmed before it was dealt with": "if ([-left.length > 0 || -]typeof marker",
    "MAX is asked without a mark by a bot that only knew the webhook":
      "[-((await hasMessages(db, bot.id)) ? 0 : null)-]{+null+};",
    "a poll that brings nothing counts as a look for others' subscriptions of MAX":
      "[-lookedAt = performance.now();\n      }-]{+}\n      lookedAt = performance.now();+}",
    "somebody else's subscription of MAX is never looked for again":
      "failures += 1;\n      [-lookedAt = Number.NEGATIVE_INFINITY;-]",
  }),
  ...mutantsIn("channels/max/subscription.ts", ["channels/max/listening"], {
    "what waits at MAX's is not taken before it is subscribed to": "[-await takeWaiting();-]",
    "a stop before all that waits at MAX's is taken subscribes to it": "[-signal.throwIfAborted();-]",
    "others' subscriptions of MAX stay beside ours": "await drop(bot, [-list-]{+ours+});\n  await",
    "MAX is subscribed to at each look": "if ([-known && -]{+false && +}ours.length === 1",
    "what this program took away is told as let go by MAX": "[-await told.forget();-]",
    "nobody is told that MAX has let the subscription go": "if (known && ours.length === [-0-]{+9+})",
  }),
  ...mutantsIn("channels/listening.ts", ["channels/max/listening"], {
    "what was taken away for polling is told as let go by MAX":
      "[-await toldOf(db, ways.channel).forget();-]",
  }),
  ...mutantsIn("channels/batches.ts", ["channels/max/listening"], {
    "one person's updates are dealt with side by side": "[-await before;-]",
    "an answer that was not taken waits for the messenger to bring it again":
      "if (!(error instanceof RetryUpdate)[- || performance.now() + error.waitMs > until-]{+ || true+}) throw error;",
    "a wait that takes longer than the messenger's patience is waited":
      "if (!(error instanceof RetryUpdate)[- || performance.now() + error.waitMs > until-]) throw error;",
  }),
  ...mutantsIn("channels/max/messenger.ts", ["channels/max/listening"], {
    "what MAX delivers twice is dealt with twice":
      "if (heard === null[- || (await wasHandled(db, heard.id))-])",
  }),
  ...mutantsIn("channels/max/numbers.store.ts", ["channels/max/max"], {
    "a message of MAX is changed in whoever's chat":
      "number = ${number}[- and account = ${account}-] and bot",
  }),
  ...mutantsIn("channels/max/numbers.store.ts", ["channels/max/listening"], {
    "what was dealt with is forgotten while MAX may bring it again": "interval '[-2 days-]{+1 hour+}'",
    "names of messages are never dropped": "interval '[-90 days-]{+900 days+}'",
  }),
];
