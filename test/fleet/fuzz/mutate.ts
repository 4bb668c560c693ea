import type { RandomSource } from "@baton/fleet-adapter";

/** Makes of a good message one that is probably none: in its fields, or in its text. */
export function mutated(message: object, random: RandomSource): string {
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random.next() * list.length)];
    if (found === undefined) throw new RangeError("nothing to pick from");
    return found;
  };
  if (random.next() < 0.2) return inText(JSON.stringify(message), random);
  const copy: unknown = structuredClone(message);
  const times = 1 + Math.floor(random.next() * 3);
  for (let time = 0; time < times; time++) {
    const places = placesOf(copy);
    if (places.length === 0) break;
    const { holder, key } = pick(places);
    const how = random.next();
    if (how < 0.25) Reflect.deleteProperty(holder, key);
    else if (how < 0.4) Reflect.set(holder, key, Reflect.get(holder, pick(places).key));
    else if (how < 0.5) Reflect.set(holder, `${key}x`, Reflect.get(holder, key));
    else Reflect.set(holder, key, pick(JUNK)());
  }
  return JSON.stringify(copy) ?? "null";
}

const JUNK: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 2 ** 53,
  () => 1e308,
  () => 0.5,
  () => "",
  () => "NaN",
  () => "\ud800",
  () => "x".repeat(10_000),
  () => "9999-12-31T23:59:59.999Z",
  () => "AUTOMATIC",
  () => [],
  () => Array.from({ length: 1_000 }, () => ({})),
  () => ({}),
  () => ({ __proto__: { polluted: true } }),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
  () => Array.from({ length: 500 }).reduce((inner: unknown) => [inner], "deep"),
];

interface Place {
  readonly holder: object;
  readonly key: string;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [{ holder: value, key }, ...placesOf(part)]);
}

function inText(text: string, random: RandomSource): string {
  const at = Math.floor(random.next() * text.length);
  const how = random.next();
  if (how < 0.3) return text.slice(0, at);
  if (how < 0.5) return text.slice(0, at) + text.slice(at + 1);
  if (how < 0.7)
    return `${text.slice(0, at)}${String.fromCharCode(Math.floor(random.next() * 65_536))}${text.slice(at)}`;
  if (how < 0.8) return text + text;
  if (how < 0.9) return "[".repeat(20_000);
  return "";
}
