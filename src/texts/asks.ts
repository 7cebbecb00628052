// What clients write in their own words, as far as the bot understands it.

const spending = [/спиши|спишет|списать/i, /(потратить|оплатить).*балл|балл.*(потратить|оплатить)/i];
const spendingEn = /\b(use|spend)\b.*\bpoints\b/i;

/** The words that people are taught to say at the till (or how to), written to the bot. */
export function asksToSpend(text: string): boolean {
  return [...spending, spendingEn].some((words) => words.test(text));
}
