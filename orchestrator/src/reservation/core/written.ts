import type { VehicleId } from "@baton/fleet-adapter";
import type { Closure, ClosureId } from "../port.ts";
import type { Run } from "./runs.ts";
import type { Leg } from "./vehicle.ts";

/** What the ledger has of a zone, as far as it is needed to know what to write. */
export interface Written {
  readonly itineraries: Map<VehicleId, WrittenItinerary>;
  readonly closures: Map<ClosureId, Closure>;
  /** How often the leg of a vehicle was jumped; none for those that never were. */
  readonly timesJumped: Map<VehicleId, number>;
}

export interface WrittenItinerary {
  readonly version: number;
  readonly leg: Leg;
  /** The runs as they were written: a tail that is planned anew has others. */
  readonly runs: readonly Run[];
  readonly beforeRun: readonly number[];
}

export function nothingWritten(): Written {
  return { itineraries: new Map(), closures: new Map(), timesJumped: new Map() };
}
