import type {
  Clock,
  FleetAdapter,
  FleetEvent,
  Instruction,
  VehicleId,
  VehicleRecord,
  VehicleState,
} from "@baton/fleet-adapter";
import type { NodeId, Side } from "@baton/maps";
import type { Yard } from "../../dispatch/yard.ts";
import type { Agenda } from "./agenda.ts";
import { SideListeners } from "./side-listeners.ts";

export interface FakeVehicle {
  readonly vehicleId: VehicleId;
  authority: Side;
  epoch: number;
  nodeId: NodeId;
  poseSide: Side;
  loadIds: string[];
  /** Where it says it is, when that is no stop. */
  astray?: { xM: number; yM: number; headingRad: number };
  readonly home: Side;
}

/** The vehicles of both sides, and what each side hears of them. */
export class FakeFleet {
  readonly vehicles = new Map<VehicleId, FakeVehicle>();
  /** Vehicles that are not connected: no side hears them. */
  readonly mute = new Set<VehicleId>();
  /** Vehicles that have orders and do not get on. */
  readonly halted = new Set<VehicleId>();
  /** Of these, who has given up its order. */
  readonly givenUp = new Set<VehicleId>();
  readonly #listeners = new SideListeners<FleetEvent>();
  readonly #yards: Record<Side, Yard>;
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #records = new Map<VehicleId, { readonly said: string; readonly record: VehicleRecord }>();

  constructor(yards: Record<Side, Yard>, clock: Clock, agenda: Agenda) {
    this.#yards = yards;
    this.#clock = clock;
    this.#agenda = agenda;
  }

  /** The process of a side is gone: nobody listens there. */
  deafen(side: Side): void {
    this.#listeners.clear(side);
  }

  park(vehicleId: string, side: Side, stationId: string): void {
    const nodeId = this.#yards[side].stations.find((one) => one.stationId === stationId)?.nodeId;
    if (nodeId === undefined) throw new Error(`no stop at ${stationId}`);
    const id = vehicleId as VehicleId;
    this.vehicles.set(id, {
      vehicleId: id,
      authority: side,
      epoch: 1,
      nodeId,
      poseSide: side,
      loadIds: [],
      home: side,
    });
  }

  fleetOf(side: Side): FleetAdapter {
    return {
      start: async () => {},
      stop: async () => {},
      subscribe: (listener) => this.#listeners.add(side, listener),
      drive: () => {},
      cancel: () => {},
      instruct: (vehicleId: VehicleId, { kind }: Instruction) =>
        this.#agenda.did(`${kind} ${vehicleId} ${side}`),
      vehicles: () =>
        new Map(
          [...this.vehicles.values()]
            .filter(({ vehicleId }) => !this.mute.has(vehicleId))
            .map((vehicle) => [vehicle.vehicleId, this.#record(vehicle)]),
        ),
    };
  }

  sayState(vehicleId: VehicleId): void {
    const state = this.#record(this.vehicle(vehicleId)).state;
    if (state === undefined || this.mute.has(vehicleId)) return;
    for (const side of ["vn", "cn"] as const) {
      this.#agenda.later(() => {
        this.#listeners.tell(side, { kind: "state", vehicleId, state });
      });
    }
  }

  vehicle(vehicleId: VehicleId): FakeVehicle {
    const vehicle = this.vehicles.get(vehicleId);
    if (vehicle === undefined) throw new Error(`no vehicle ${vehicleId}`);
    return vehicle;
  }

  #record(vehicle: FakeVehicle): VehicleRecord {
    const { vehicleId, authority, epoch, nodeId, loadIds } = vehicle;
    const state: VehicleState = {
      vehicleId,
      atMs: this.#clock.nowMs(),
      pose:
        vehicle.astray ?? this.#yards[vehicle.poseSide].nodes.find((node) => node.nodeId === nodeId)?.pose,
      speedMps: 0,
      driving: false,
      pausedBy: [],
      orderId: undefined,
      orderRevision: 0,
      lastNodeId: nodeId,
      lastNodeSequence: 0,
      nodesAhead: this.halted.has(vehicleId) && !this.givenUp.has(vehicleId) ? 1 : 0,
      releasedNodeIds: [],
      releasedEdgeIds: [],
      plannedAhead: 0,
      batteryPct: 80,
      charging: false,
      loadIds: [...loadIds],
      operatingMode: "automatic",
      emergencyStop: false,
      control: { authority, epoch },
      errors: [],
    };
    // As with the real adapter: one that has nothing new to say has the record that it had.
    const said = JSON.stringify({ ...state, atMs: 0 });
    const known = this.#records.get(vehicleId);
    if (known?.said === said) return known.record;
    const record = { vehicleId, connection: "online", factsheet: undefined, state } as const;
    this.#records.set(vehicleId, { said, record });
    return record;
  }
}
