import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";

/** Deviations from the standard that Baton knows how to live with; `quirks.ts` says what each is. */
export const QuirkName = Type.Enum([
  "instant-actions-key",
  "stitch-appends-actions",
  "double-action-states",
  "refusal-in-errors-only",
  "deviation-key-xy",
  "own-action-parameters",
  "empty-factsheet",
]);
export type QuirkName = Static<typeof QuirkName>;

/** What is known of the vehicles of a manufacturer: kept by whoever commissions them. */
export const Vendor = Type.Object(
  {
    manufacturer: Type.String(),
    /** Only these of its vehicles, `*` for any characters; all if not given. */
    serialNumbers: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    quirks: Type.Array(QuirkName),
    /** Parameters that an action has besides those of Baton, or in place of them, by action type (`own-action-parameters`). */
    actionParameters: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      ),
    ),
    /** What a vehicle that says nothing of itself is, as the factsheet of its version (`empty-factsheet`). */
    factsheet: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type Vendor = Static<typeof Vendor>;

const check = Compile(Type.Array(Vendor));

/**
 * Entries as they stand in a file of a side's configuration.
 * @throws {Error} that names the entry and what it has to be.
 */
export function vendorsFrom(content: unknown): readonly Vendor[] {
  if (check.Check(content)) return content;
  const [first] = check.Errors(content);
  throw new Error(`vendors: ${first?.instancePath || "the file"} ${first?.message ?? "is not valid"}`);
}

/** The entry for a vehicle: one that has its very serial number before one with a pattern for it, and that before one for all. */
export function vendorOf(
  vendors: readonly Vendor[],
  vehicle: { readonly manufacturer: string; readonly serialNumber: string },
): Vendor | undefined {
  const { serialNumber } = vehicle;
  const ofMaker = vendors.filter(({ manufacturer }) => manufacturer === vehicle.manufacturer);
  return (
    ofMaker.find(({ serialNumbers = [] }) => serialNumbers.includes(serialNumber)) ??
    ofMaker.find(({ serialNumbers = [] }) => serialNumbers.some((one) => matches(one, serialNumber))) ??
    ofMaker.find(({ serialNumbers }) => serialNumbers === undefined)
  );
}

/** Whether a text is made of the parts of a pattern, in their order, with anything where it has a `*`. */
function matches(pattern: string, text: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
