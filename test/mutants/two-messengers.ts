/** Faults of what is there once for each messenger: links, checks, webhooks by hand. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const twoMessengers = [
  ...mutantsIn("app/listening.ts", ["app/both-messengers"], {
    "a link for the first owner ends the one of another messenger": "(made [-??-]= firstOwnerLink",
  }),
  ...mutantsIn("app/rounds.ts", ["app/both-messengers"], {
    "an owner whose messenger was not spoken never hears who became one":
      "const here = owners[-.filter((owner) => spoken.includes(channelOf(owner)))-];",
  }),
  ...mutantsIn("owners/rights.ts", ["app/both-messengers"], {
    "owners who cannot be spoken to keep everybody out":
      'owners.some((owner) => [-spoken.includes(channelOf(owner))-]{+spoken.length > 0 && channelOf(owner) !== ""+});',
  }),
  ...mutantsIn("check/staff.ts", ["cli/check-max"], {
    "that no alarm would be heard is no fault": "if (ownerIds.[-length === 0-]{+length >= 0+})",
  }),
  ...mutantsIn("chat/menu.ts", ["client/words"], {
    "what an answer offers stands under it once more":
      "rowsOfThree(keys.flat()[-.filter(({ text }) => !offered.has(text))-])];",
  }),
  ...mutantsIn("app/checks.ts", ["cli/check-max"], {
    "a messenger out of reach is taken for the database":
      "const trouble = [-outside ? null : -]databaseTrouble(error)",
  }),
  ...mutantsIn("app/messenger-checks.ts", ["cli/check-max"], {
    "who cannot be asked about at MAX is said to be nobody's":
      "if ([-!(error instanceof Unreachable) && -]databaseTrouble(error)) return null;",
    "whoever works in MAX is in a messenger that nobody speaks":
      'return [-maxToken === null-]{+true+} ? ["telegram"] : ["telegram", "max"];',
  }),
  ...mutantsIn("check/max.ts", ["cli/check-max"], {
    "the end of the root is said too late": "const soonMs = [-90-]{+30+} * dayMs;",
    "a root that has ended is said to end soon": "if (left <= [-0-]{+-soonMs+})",
    "that no root is named goes unsaid": 'if (trouble.remedy?.kind [-!== "untrusted"-]{+!== ""+})',
    "another program that MAX delivers to goes unsaid": "if (elsewhere.length > [-0-]{+99+}) {",
    "kinds of updates that MAX keeps back go unsaid": "types && [-!-]types.includes(kind)",
  }),
  ...mutantsIn("channels/max/facts.ts", ["cli/check-max"], {
    "who has blocked the bot in MAX has only not started it":
      'return error.status === [-403-]{+0+} ? "blocked" : "never";',
    "a gateway's word is taken for MAX's": 'if (status !== null[- && code !== ""-])',
  }),
  ...mutantsIn("cli/webhook.ts", ["cli/check-max"], {
    "a messenger that fails keeps the other's webhook from being done":
      "      .catch((error: unknown) => [-void failed.push(`${title}: ${messageOf(error)}`)-]{+Promise.reject(error)+});",
    "a webhook that was not done is no failure": "if (failed.length > [-0-]{+99+})",
  }),
  ...mutantsIn("config/config.ts", ["config/config"], {
    "the secret of MAX's webhook is the token itself":
      'key === "webhookSecret" ? "Telegram" : [-key === "maxWebhookSecret" ? "MAX" : -]null;',
  }),
];
