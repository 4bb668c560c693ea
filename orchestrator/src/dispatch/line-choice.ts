import type { Direction } from "@baton/maps";
import type { PassingLine, TransferLine, Yard, YardLine } from "./yard.ts";

/** What of an order says which way over the line it takes. */
export interface Crossing {
  readonly direction: Direction;
  readonly orderId: string;
  /** The hand-off point that the customer asked for. */
  readonly handoffPointId?: string;
}

/**
 * The hand-off point of an order: the one that it names; else, where the site gives the crane a share of the orders, by its
 * number, so that asking again gives the same; else the first one of its direction. Undefined when there is none.
 */
export function lineFor(yard: Pick<Yard, "lines">, crossing: Crossing): YardLine | undefined {
  const { direction, orderId, handoffPointId } = crossing;
  if (handoffPointId !== undefined) return lineNamed(yard, direction, handoffPointId);
  const lines = yard.lines.filter((line) => line.direction === direction);
  const shared = lines.find((line) => line.mode === "container-transfers" && line.orderShare !== undefined);
  if (shared?.mode !== "container-transfers") return lines[0];
  const passing = lines.find((line) => line.mode === "control-passes");
  return passing === undefined || partOf(orderId) < (shared.orderShare ?? 0) ? shared : passing;
}

export function lineNamed(
  yard: Pick<Yard, "lines">,
  direction: Direction,
  handoffPointId: string,
): YardLine | undefined {
  return yard.lines.find((line) => line.direction === direction && line.handoffPointId === handoffPointId);
}

/** The first point of a direction where vehicles pass. */
export function passingLine(yard: Pick<Yard, "lines">, direction: Direction): PassingLine | undefined {
  for (const line of yard.lines)
    if (line.direction === direction && line.mode === "control-passes") return line;
  return undefined;
}

/** The points where containers change vehicle, both directions. */
export function transferLines(yard: Pick<Yard, "lines">): readonly TransferLine[] {
  return yard.lines.flatMap((line) => (line.mode === "container-transfers" ? [line] : []));
}

/** From 0 to 1, evenly over texts however alike: FNV-1a, and the last mixing of MurmurHash3, since orders are numbered. */
function partOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
