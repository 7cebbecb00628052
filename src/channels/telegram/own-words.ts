// What may be kept of Telegram's explanation of a "no": its own words. It repeats names and texts that were sent to it.

/** Of the Bot API's explanations (telegram-bot-api, Client.cpp; tdlib's errors). */
const own = new Set(
  `a about access active address administrator after again allowed an and another any are as at author bad be because been
  before big blocked boost bot bots business but button bytes byte by can can't cannot caption certificate channel channels
  character characters chat chats closed code command commands comment conflict connection contact contacts contain contains
  content control conversation corresponding could couldn't current data date day deactivated delete deleted description
  deserve detect different dimensions direct disabled document does doesn't download edit edited empty enabled end enough
  entities entity error exactly exceeded expected expired failed few field file files find first flood for forbidden format forum
  found from gateway get getupdates gone group groups guess hasn't has have host hours http https id identifier ids image in
  initiate inline instance internal invalid is it its join json key keyboard kicked language large left length limit link
  logged long made make many markup max maximum media member members message messages method migrated minutes missing mode
  modified more most must name need needs new no non not nothing object of off offset old on one only open or other out
  owner page parameter parse part participant peer permission permissions phone photo pinned platform port preceding
  preview private protected query quote reaction read refused replied reply request requests required reserved reset
  resolve response restarting retry right rights running same scope secret seconds send sender sent server service session
  set setwebhook deletewebhook short size slow small specified ssl start started status sticker supergroup supported sure
  tag take terminated text that the there this thread time timeout to token too topic try type unallowed unauthorized
  unavailable unclosed unexpected unknown unsupported until unwrapped up update updates upgraded upload url use used user
  username users value via video voice was webhook weight were when while who with without write wrong you your
  escaped`.split(/\s+/),
);

/** The words and codes (`PEER_ID_INVALID`) that are Telegram's own, and short numbers; of anything else a mark stays. */
export function ownWords(description: string): string {
  const kept = description.slice(0, 500).replace(/[\p{L}\p{M}\p{N}_'’]+/gu, (word) => {
    if (/^\d{1,6}$/.test(word) || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(word)) return word;
    return own.has(word.toLowerCase()) ? word : "…";
  });
  return kept.replace(/…(?:[^\p{L}\p{N}]*…)+/gu, "…");
}
