import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, VehicleClassId } from "@baton/maps";
import type { AlarmFacts, Step } from "../contract/index.ts";
import type { DeviceJob } from "../gate/port.ts";
import type { Manifest } from "../handoff/manifest.ts";
import type { HandoffId, Offer, ReceiptResult, ReturnLoad } from "../handoff/port.ts";
import type { LegId, LegRequest } from "../reservation/port.ts";

/**
 * What a mission wants done in the world. Effects are data: they come out of a transition, are stored with the
 * snapshot in one write, and only then carried out. `effectId` is stable, so that an effect is issued once;
 * carrying it out again, after a restart, changes nothing, because leg, job, hand-off and alarm ids in it are the same.
 */
export type MissionEffect =
  | {
      readonly effectId: string;
      readonly kind: "requestLeg";
      readonly leg: LegRequest;
      readonly fromNodeId: NodeId | undefined;
    }
  | {
      readonly effectId: string;
      readonly kind: "abandonLeg";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
    }
  | {
      readonly effectId: string;
      readonly kind: "proceed";
      readonly vehicleId: VehicleId;
      readonly legId: LegId;
      readonly nodeId: NodeId;
    }
  | {
      readonly effectId: string;
      readonly kind: "askDevice";
      readonly step: Step;
      readonly job: DeviceJob;
      /** Nobody waits for the answer, and it is wanted all the same: asked until it has come. */
      readonly untilAnswered?: true;
    }
  | { readonly effectId: string; readonly kind: "offerHandoff"; readonly offer: Offer }
  | {
      readonly effectId: string;
      readonly kind: "readyHandoff";
      readonly handoffId: HandoffId;
      readonly manifest: Manifest;
    }
  | {
      readonly effectId: string;
      readonly kind: "withdrawHandoff";
      readonly handoffId: HandoffId;
      readonly reason: string;
    }
  /** Taker: it will not have what was offered. */
  | {
      readonly effectId: string;
      readonly kind: "revokeHandoff";
      readonly handoffId: HandoffId;
      readonly reason: string;
    }
  | {
      readonly effectId: string;
      readonly kind: "acceptHandoff";
      readonly handoffId: HandoffId;
      readonly returnLoad?: ReturnLoad;
    }
  | { readonly effectId: string; readonly kind: "goHandoff"; readonly handoffId: HandoffId }
  | {
      readonly effectId: string;
      readonly kind: "receiveHandoff";
      readonly handoffId: HandoffId;
      readonly result: ReceiptResult;
    }
  | {
      readonly effectId: string;
      readonly kind: "admitVehicle";
      readonly approaching: boolean;
      readonly vehicleId: VehicleId;
      readonly vehicleClassId: VehicleClassId;
      readonly nodeId: NodeId;
    }
  | { readonly effectId: string; readonly kind: "dismissVehicle"; readonly vehicleId: VehicleId }
  | {
      readonly effectId: string;
      readonly kind: "raiseAlarm";
      readonly alarmId: string;
      readonly code: string;
      readonly detail: string;
      /** Absent of one that was stored before there were any. */
      readonly facts?: AlarmFacts;
      readonly priority: "critical" | "high" | "medium" | "low";
      readonly vehicleId: string | undefined;
    }
  | { readonly effectId: string; readonly kind: "clearAlarm"; readonly alarmId: string };

type EffectKind = MissionEffect["kind"];

/**
 * Effects that nothing answers: they leave the outbox when they have been carried out. All others stay in it, and
 * are carried out again after a restart, until the world has answered.
 */
const UNANSWERED: ReadonlySet<EffectKind> = new Set<EffectKind>([
  "abandonLeg",
  "withdrawHandoff",
  "revokeHandoff",
  "dismissVehicle",
  "clearAlarm",
]);

export const isUnanswered = (effect: MissionEffect): boolean => UNANSWERED.has(effect.kind);

/** The room that writes down what an unanswered effect asks of it: until it has, a death takes the word back. */
export function writerOf({ kind }: MissionEffect): "road" | "handoffs" | undefined {
  switch (kind) {
    case "abandonLeg":
    case "dismissVehicle":
      return "road";
    case "withdrawHandoff":
    case "revokeHandoff":
      return "handoffs";
    default:
      return undefined;
  }
}
