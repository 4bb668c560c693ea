import type { HandoffPointId } from "@baton/maps";
import Type, { type Static } from "typebox";
import { SpreaderReport } from "../contract/index.ts";
import { HandoffIdText, SideName } from "./core/messages.ts";
import { TRANSFER_PHASES } from "./core/transfer-device.ts";

export { TRANSFER_PHASES };

const Epoch = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 1 });

/**
 * What a side tells the device, topic `baton/v1/<site>/<side>/<device>/transfer-command`, QoS 1. Whose word it is follows from whose
 * broker it came by. It names the number that it was meant for, so that saying it again, or late, changes nothing.
 */
export const TransferCommand = Type.Union([
  /** Our vehicle stands on its pad for this hand-off, and stays. */
  Type.Object({ kind: Type.Literal("dock"), handoffId: HandoffIdText, expectedEpoch: Epoch }),
  /** Hand it over (`to` the other side), or give up (`to` ourselves). The giver's alone. */
  Type.Object({ kind: Type.Literal("switch"), handoffId: HandoffIdText, expectedEpoch: Epoch, to: SideName }),
]);
export type TransferCommand = Static<typeof TransferCommand>;

/** What the device tells both sides, topic `.../transfer-state`, QoS 1, retained: at every change, and every few seconds. */
export const TransferReport = Type.Object({
  deviceId: Type.String({ minLength: 1, maxLength: 64 }),
  atMs: Type.Number(),
  phase: Type.Enum([...TRANSFER_PHASES]),
  register: Type.Object({ authority: SideName, epoch: Epoch, handoffId: Type.Optional(HandoffIdText) }),
  /** What stopped it: it needs a person. */
  fault: Type.Optional(Type.String({ maxLength: 256 })),
  /** For whoever looks on; nothing is decided by it. */
  spreader: Type.Optional(SpreaderReport),
});
export type TransferReport = Static<typeof TransferReport>;

/** The transfer devices of a side's hand-off points. */
export interface TransferDevices {
  /** Whether containers can change vehicle at this point. */
  serves(handoffPointId: HandoffPointId): boolean;
  /** Not queued: whoever does not see it obeyed says it again. */
  command(handoffPointId: HandoffPointId, command: TransferCommand): void;
}
