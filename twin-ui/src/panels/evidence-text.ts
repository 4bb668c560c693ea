import type { TFunction } from "i18next";

/** What a step was done by is a device's or a person's own reference, or one of the few things that a step itself says of it. */
const SAID: readonly { readonly like: RegExp; readonly key: string; readonly names: readonly string[] }[] = [
  { like: /^(\d+) kg, declared (\d+) kg$/, key: "evidence.weighed", names: ["found", "declared"] },
  { like: /^seal (\S+)$/, key: "evidence.seal", names: ["sealNo"] },
  { like: /^slot (\S+)$/, key: "evidence.slot", names: ["slot"] },
  { like: /^released by (.+) and (.+)$/, key: "evidence.released", names: ["one", "other"] },
  { like: /^on paper (.+), (.+)$/, key: "evidence.paper", names: ["documentNo", "accounts"] },
];

/** Words of a step alone, or before the account that said them. */
const WORDS: ReadonlySet<string> = new Set([
  "landed",
  "clear",
  "suspect",
  "not-listed",
  "release",
  "inspect",
]);

/** By what a step was done, in the reader's language as far as it is in ours; references and names stay as they are. */
export function evidenceText(t: TFunction, exists: (key: string) => boolean, evidence: string): string {
  for (const { like, key, names } of SAID) {
    const found = like.exec(evidence);
    if (found !== null) return t(key, Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? ""])));
  }
  const accepted = /^([a-z-]+) accepted by (.+)$/.exec(evidence);
  if (accepted !== null && exists(`held.${accepted[1]}`))
    return t("evidence.accepted", { what: t(`held.${accepted[1]}`), account: accepted[2] ?? "" });
  const [word = "", ...by] = evidence.split(", ");
  return WORDS.has(word) ? [t(`evidence.word.${word}`), ...by].join(" · ") : evidence;
}
