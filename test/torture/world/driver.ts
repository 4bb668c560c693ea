import type { NodeId } from "@baton/maps";
import type { LegRequest } from "../../../orchestrator/src/reservation/port.ts";
import type { TrueVehicle } from "./vehicle.ts";

/** A vehicle, and what whoever sends it around knows and wants. */
export interface Driver {
  readonly vehicle: TrueVehicle;
  admitted: boolean;
  /** The bay where it rests, or rested last. */
  at: string;
  leg: OpenLeg | undefined;
  legs: number;
  restsUntilTick: number;
  /** Stands because it was stopped, until then. */
  stoppedUntilTick: number;
  /** Stands for good: since when, and whether that was said. */
  failed: { readonly sinceTick: number; said: boolean } | undefined;
  /** Nothing is heard of it until then. */
  silentUntilTick: number;
  /** When something was heard of it last. */
  heardTick: number;
  withdrawnTick: number;
  standsSinceTick: number;
}

export interface OpenLeg {
  readonly request: LegRequest;
  /** The leg from which the vehicle is to be sent here on its way, until it has been, or has come to that one's end. */
  insteadOf: OpenLeg | undefined;
  readonly askedTick: number;
  planned: boolean;
  /** Where it waits for `proceed`, and from when on that is said. */
  waitsAt: { readonly nodeId: NodeId; readonly untilTick: number } | undefined;
  readonly proceeded: NodeId[];
  /** A leg that is granted before anyone may tell the vehicle of it: it is let go, or taken back. */
  held: "until-granted" | { readonly decideTick: number } | undefined;
  withdrawing: boolean;
  /** It was asked for now or never, and the vehicle came to the end of its old leg: it must not become the vehicle's. */
  tooLate: boolean;
  /** It is to be asked for once more, so that what became of it is said again. */
  toBeToldAgain: boolean;
  /** Legs of others that ended meanwhile, in fair weather. */
  overtaken: number;
  /** Ticks in fair weather. */
  fairTicks: number;
}

/** It is to go there; or is on its way there, to be sent elsewhere before if that can be. */
export function mayComeTo({ leg }: Driver, bay: string): boolean {
  return leg?.request.toNodeId === bay || leg?.insteadOf?.request.toNodeId === bay;
}

export function newDriver(vehicle: TrueVehicle, at: string): Driver {
  return {
    vehicle,
    admitted: false,
    at,
    leg: undefined,
    legs: 0,
    restsUntilTick: 0,
    stoppedUntilTick: 0,
    failed: undefined,
    silentUntilTick: 0,
    heardTick: 0,
    withdrawnTick: -1,
    standsSinceTick: 0,
  };
}
