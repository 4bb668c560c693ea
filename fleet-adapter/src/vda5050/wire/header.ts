import Type, { type Static } from "typebox";
import "./date-time.ts";

/** Fields of every message's header, to be spread into a message's schema (VDA 5050 2.1 section 6.4). */
export const headerFields = {
  /** Counts the messages of one topic, per sender; starts again at 0 when the sender restarts. */
  headerId: Type.Integer({ minimum: 0 }),
  /** ISO 8601, UTC. */
  timestamp: Type.String({ format: "date-time" }),
  /** Major.minor.patch of the protocol. */
  version: Type.String(),
  manufacturer: Type.String(),
  serialNumber: Type.String(),
};

export const Header = Type.Object(headerFields);
export type Header = Static<typeof Header>;

let shownMs = Number.NaN;
let shown = "";

/** An instant as a header writes it. Fleets report at the same instants, so that the last one is kept at hand. */
export function timestampOf(atMs: number): string {
  if (atMs !== shownMs) {
    shown = new Date(atMs).toISOString();
    shownMs = atMs;
  }
  return shown;
}
