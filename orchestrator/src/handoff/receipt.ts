import type { Side } from "@baton/maps";
import type { SignedRecord } from "./core/messages.ts";
import { signReceipt } from "./custody.ts";
import type { Machine } from "./desk.ts";
import type { ReceiptResult } from "./port.ts";
import type { HandoffsOptions } from "./service-port.ts";

const UTC_OFFSET_MINUTES: Readonly<Record<Side, number>> = { vn: 420, cn: 480 };

/**
 * The taker's record of a hand-off that has switched, with our signature, behind `previous` in our chain. Undefined in
 * any other phase: there is nothing to receive, or it was received before.
 */
export async function receiptOf(
  machine: Machine,
  result: ReceiptResult,
  nowMs: number,
  previous: string,
  {
    side,
    account,
    keys,
    describePoint,
    utcOffsetMinutes = UTC_OFFSET_MINUTES,
  }: Pick<HandoffsOptions, "side" | "account" | "keys" | "describePoint" | "utcOffsetMinutes">,
): Promise<SignedRecord | undefined> {
  if (machine.role !== "taker" || machine.phase !== "switched") return undefined;
  const { handoffId, giver, taker, offer, manifest, epoch } = machine;
  const { direction, vehicleId, handoffPointId } = offer;
  const { place, lane } = describePoint?.(handoffPointId) ?? { place: handoffPointId, lane: handoffPointId };
  return signReceipt(
    {
      handoffId,
      giver,
      taker,
      direction,
      vehicleId,
      controlEpoch: epoch,
      manifest,
      handoffPointId,
      place,
      lane,
      receivedAtMs: nowMs,
      utcOffsetMinutes,
      result,
    },
    { side, account, keys, previous },
  );
}
