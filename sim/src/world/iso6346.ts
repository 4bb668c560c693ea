import type { Random } from "../random/seeded.ts";

/** Values of the letters A to Z in the check digit: counted from 10, leaving out multiples of 11 (ISO 6346, annex A). */
const LETTER_VALUES = [
  10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38,
];

/** Owner codes of the simulated world; none of a real owner is meant. */
const OWNER_CODES = ["BTN", "BTV", "BTC", "BTX"];

/**
 * The check digit of the ten characters before it, e.g. 3 for `CSQU305438`; undefined when they are
 * not three letters, one of U, J, Z, and six digits.
 */
export function checkDigit(firstTen: string): number | undefined {
  if (!/^[A-Z]{3}[UJZ][0-9]{6}$/.test(firstTen)) return undefined;
  let sum = 0;
  for (let at = 0; at < firstTen.length; at++) {
    const code = firstTen.charCodeAt(at);
    const value = code >= 65 ? LETTER_VALUES[code - 65] : code - 48;
    sum += (value ?? 0) * 2 ** at;
  }
  return (sum % 11) % 10;
}

export function isContainerNo(text: string): boolean {
  return /^[A-Z]{3}[UJZ][0-9]{7}$/.test(text) && checkDigit(text.slice(0, 10)) === Number(text.slice(10));
}

/** A container number that holds; check digit 0 is passed over, since a remainder of 10, which the standard advises against, is written so too. */
export function drawContainerNo(random: Random): string {
  for (;;) {
    const firstTen = `${random.pick(OWNER_CODES)}U${String(random.integer(1_000_000)).padStart(6, "0")}`;
    const digit = checkDigit(firstTen);
    if (digit !== undefined && digit !== 0) return `${firstTen}${digit}`;
  }
}
