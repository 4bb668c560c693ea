import type { Clock, VehicleId } from "@baton/fleet-adapter";
import { type NodeId, otherSide, type Side } from "@baton/maps";
import type { Yard } from "../../dispatch/yard.ts";
import type { LegId, LegRequest, Reservation, ReservationEvent } from "../../reservation/port.ts";
import type { Agenda } from "./agenda.ts";
import type { FakeFleet } from "./fake-fleet.ts";
import { SideListeners } from "./side-listeners.ts";

interface FakeLeg {
  request: LegRequest;
  /** What lies ahead, in driving order. */
  ahead: { nodeId: NodeId; via: boolean }[];
  began: boolean;
  reached: NodeId[];
  waitingAt: NodeId | undefined;
  proceeded: Set<NodeId>;
  granted: NodeId | undefined;
  completed: boolean;
  abandoned: boolean;
  clear: boolean;
}

/** The roads of both sides: a vehicle is at its next stop at once, and waits only while another one stands at the end of its leg. */
export class FakeRoad {
  readonly legs: Record<Side, Map<LegId, FakeLeg>> = { vn: new Map(), cn: new Map() };
  readonly admitted: Record<Side, Map<VehicleId, LegId | undefined>> = { vn: new Map(), cn: new Map() };
  /** Priorities that legs were given after they were asked for. */
  readonly prioritised = new Map<LegId, number>();
  /** What a side's road has as failed: it plans nothing for it. */
  readonly failed: Record<Side, Set<VehicleId>> = { vn: new Set(), cn: new Set() };
  /** Sides whose reservation was not there to see a vehicle leave their ground. */
  readonly blind = new Set<Side>();
  /** Whether the road finds a way for who is to turn at once or not at all. */
  canTurn = true;
  readonly #listeners = new SideListeners<ReservationEvent>();
  readonly #yards: Record<Side, Yard>;
  readonly #clock: Clock;
  readonly #agenda: Agenda;
  readonly #fleet: FakeFleet;

  constructor(yards: Record<Side, Yard>, clock: Clock, agenda: Agenda, fleet: FakeFleet) {
    this.#yards = yards;
    this.#clock = clock;
    this.#agenda = agenda;
    this.#fleet = fleet;
  }

  /** The process of a side is gone: nobody listens there. */
  deafen(side: Side): void {
    this.#listeners.clear(side);
  }

  reservationOf(side: Side): Reservation {
    return {
      admit: ({ vehicleId }) => {
        this.#agenda.decide(side);
        if (!this.admitted[side].has(vehicleId)) this.admitted[side].set(vehicleId, undefined);
        this.#agenda.later(() => this.#listeners.tell(side, { kind: "admitted", vehicleId }));
      },
      requestLeg: (leg) => {
        this.#agenda.decide(side);
        this.#requestLeg(side, leg);
      },
      proceed: (_vehicleId, legId, nodeId) => {
        const leg = this.legs[side].get(legId);
        if (leg === undefined || leg.proceeded.has(nodeId)) return;
        leg.proceeded.add(nodeId);
        if (leg.waitingAt === nodeId) this.#agenda.later(() => this.#drive(side, leg));
      },
      abandonLeg: (_vehicleId, legId) => this.#agenda.ask(side, () => this.#abandon(side, legId)),
      dismiss: (vehicleId) =>
        this.#agenda.ask(side, () => {
          for (const leg of this.legs[side].values())
            if (leg.request.vehicleId === vehicleId) leg.completed = true;
          if (this.admitted[side].delete(vehicleId)) this.#agenda.did(`dismiss ${side}`);
        }),
      decided: () => new Promise((resolve) => this.#agenda.ask(side, resolve)),
      close: () => {},
      open: () => {},
      fail: (vehicleId) => void this.failed[side].add(vehicleId),
      recover: (vehicleId) => void this.failed[side].delete(vehicleId),
      prioritise: (_vehicleId, legId, priority) => void this.prioritised.set(legId, priority),
      observe: () => {},
      explain: () => undefined,
      outOfUse: () => ({
        closures: [],
        failed: [...this.failed[side]].map((vehicleId) => ({ vehicleId, reason: "marked" })),
      }),
      subscribe: (listener) => this.#listeners.add(side, listener),
      standing: () =>
        [...this.admitted[side].keys()].flatMap((vehicleId) => {
          const nodeId = this.#fleet.vehicles.get(vehicleId)?.nodeId;
          return nodeId === undefined ? [] : [{ vehicleId, nodeIds: [nodeId] }];
        }),
      // A leg without stops is driven at one go: until then it can be turned.
      turningNode: (vehicleId, onLeg) => {
        const leg = this.#legUnderWay(side, vehicleId);
        if (onLeg !== undefined && leg?.request.legId !== onLeg) return undefined;
        return leg?.request.via.length === 0 ? this.#fleet.vehicles.get(vehicleId)?.nodeId : undefined;
      },
      isAdmitted: (vehicleId) => this.admitted[side].has(vehicleId),
      holding: (vehicleId) =>
        this.admitted[side].has(vehicleId)
          ? {
              legId: this.admitted[side].get(vehicleId),
              grantedEdgeIds: [],
              plannedEdgeIds: [],
              waitingFor: undefined,
            }
          : undefined,
    };
  }

  #abandon(side: Side, legId: LegId): void {
    const leg = this.legs[side].get(legId);
    if (leg?.request.partnerStretch !== undefined) {
      const { partnerStretch: _over, ...request } = leg.request;
      leg.request = request;
      leg.completed = leg.ahead.length === 0;
    } else if (leg !== undefined && leg.reached.length === 0) leg.abandoned = true;
  }

  #requestLeg(side: Side, request: LegRequest): void {
    const known = this.legs[side].get(request.legId);
    if (known !== undefined) {
      this.#agenda.later(() => this.#announce(side, known));
      return;
    }
    const { vehicleId, legId } = request;
    const before = this.#legUnderWay(side, vehicleId);
    if (request.orNever === true && (before?.request.legId !== request.insteadOf || !this.canTurn)) {
      this.#agenda.did("no turn");
      this.#agenda.later(() =>
        this.#listeners.tell(side, { kind: "legRefused", vehicleId, legId, reason: "not-turned" }),
      );
      return;
    }
    if (before !== undefined && before.request.legId === request.insteadOf) {
      before.abandoned = true;
      this.#agenda.did("turn");
      const old = before.request.legId;
      this.#agenda.later(() =>
        this.#listeners.tell(side, { kind: "legAbandoned", vehicleId, legId: old, ok: true }),
      );
    } else if (before !== undefined && before.request.commandedBy === "us") {
      this.#agenda.later(() =>
        this.#listeners.tell(side, { kind: "legRefused", vehicleId, legId, reason: "busy" }),
      );
      return;
    }
    const leg: FakeLeg = {
      request,
      ahead: this.#wayOf(side, request),
      began: false,
      reached: [],
      waitingAt: undefined,
      proceeded: new Set(),
      granted: undefined,
      completed: false,
      abandoned: false,
      clear: false,
    };
    this.legs[side].set(request.legId, leg);
    this.#agenda.did(`leg ${request.legId}`);
    this.#agenda.later(() => this.#drive(side, leg));
  }

  #legUnderWay(side: Side, vehicleId: VehicleId): FakeLeg | undefined {
    return [...this.legs[side].values()].find(
      (leg) => leg.request.vehicleId === vehicleId && !leg.completed && !leg.abandoned,
    );
  }

  /** The vias, what is driven through behind them, and the end. */
  #wayOf(side: Side, request: LegRequest): FakeLeg["ahead"] {
    const { stations } = this.#yards[side];
    const bound = stations.find((one) => one.nodeId === request.via[0]?.nodeId)?.bound;
    const lane = (kind: string) => stations.filter((one) => one.kind === kind && one.bound === bound);
    const through = request.via.some((via) =>
      stations.some(
        (one) => one.nodeId === via.nodeId && (one.kind === "portal" || one.kind === "entry-gate"),
      ),
    )
      ? [...lane("weighbridge"), ...lane("scanner")].flatMap((one) => [one.beginNodeId, one.nodeId])
      : [];
    const first = request.firstGrantThroughNodeId;
    return [
      ...(first === undefined || first === request.toNodeId ? [] : [{ nodeId: first, via: false }]),
      ...request.via.map((via) => ({ nodeId: via.nodeId, via: true })),
      ...through.flatMap((nodeId) => (nodeId === undefined ? [] : [{ nodeId, via: false }])),
      { nodeId: request.toNodeId, via: false },
    ];
  }

  #announce(side: Side, leg: FakeLeg): void {
    const { vehicleId, legId } = leg.request;
    this.#listeners.tell(side, { kind: "legPlanned", vehicleId, legId, etaAtMs: this.#clock.nowMs() });
    if (leg.granted !== undefined)
      this.#listeners.tell(side, { kind: "granted", vehicleId, legId, throughNodeId: leg.granted });
    for (const nodeId of leg.reached)
      this.#listeners.tell(side, { kind: "reached", vehicleId, legId, nodeId, edgeId: undefined });
    if (leg.waitingAt !== undefined)
      this.#listeners.tell(side, { kind: "waitingAt", vehicleId, legId, nodeId: leg.waitingAt });
    if (leg.completed)
      this.#listeners.tell(side, { kind: "legCompleted", vehicleId, legId, nodeId: leg.request.toNodeId });
    if (leg.clear) this.#listeners.tell(side, { kind: "clearOfGround", vehicleId });
  }

  driveAll(side: Side, vehicleId: VehicleId): void {
    for (const leg of this.legs[side].values())
      if (leg.request.vehicleId === vehicleId && !leg.completed) this.#drive(side, leg);
  }

  /** Drives one stop on; waits while another vehicle stands at the leg's end, as at an endpoint of the reservation. */
  #drive(side: Side, leg: FakeLeg): void {
    const { vehicleId, legId, commandedBy, toNodeId } = leg.request;
    if (leg.completed || leg.abandoned) return;
    const inTheWay = !leg.began && commandedBy === "us" && this.#isTaken(side, leg);
    if (
      inTheWay ||
      this.failed[side].has(vehicleId) ||
      this.#fleet.halted.has(vehicleId) ||
      !this.admitted[side].has(vehicleId)
    ) {
      this.#agenda.later(() => this.#drive(side, leg));
      return;
    }
    leg.began = true;
    if (leg.granted === undefined) {
      leg.granted = leg.request.firstGrantThroughNodeId ?? toNodeId;
      this.admitted[side].set(vehicleId, legId);
      this.#listeners.tell(side, { kind: "granted", vehicleId, legId, throughNodeId: leg.granted });
    }
    const vehicle = this.#fleet.vehicle(vehicleId);
    // It moves for whoever its register names, and for nobody else.
    if (commandedBy === "partner" || vehicle.authority !== side) return;
    if (leg.waitingAt !== undefined && !leg.proceeded.has(leg.waitingAt)) return;
    leg.waitingAt = undefined;
    const next = leg.ahead.shift();
    if (next === undefined) return;
    vehicle.nodeId = next.nodeId;
    vehicle.poseSide = side;
    if (next.nodeId === this.#beyond(side, leg)) this.#leftPartner(side, vehicleId);
    leg.reached.push(next.nodeId);
    this.#listeners.tell(side, { kind: "reached", vehicleId, legId, nodeId: next.nodeId, edgeId: undefined });
    this.#fleet.sayState(vehicleId);
    const { partnerStretch } = leg.request;
    if (leg.ahead.length === 0 && partnerStretch !== undefined) {
      leg.granted = partnerStretch.throughNodeId;
      this.#listeners.tell(side, { kind: "granted", vehicleId, legId, throughNodeId: leg.granted });
      return;
    }
    if (leg.ahead.length === 0) {
      leg.completed = true;
      this.#listeners.tell(side, { kind: "legCompleted", vehicleId, legId, nodeId: toNodeId });
      return;
    }
    if (next.via && !leg.proceeded.has(next.nodeId)) {
      leg.waitingAt = next.nodeId;
      this.#listeners.tell(side, { kind: "waitingAt", vehicleId, legId, nodeId: next.nodeId });
      return;
    }
    this.#agenda.later(() => this.#drive(side, leg));
  }

  #isTaken(side: Side, leg: FakeLeg): boolean {
    const { vehicleId, toNodeId } = leg.request;
    const stands = [...this.#fleet.vehicles.values()].some(
      (one) => one.vehicleId !== vehicleId && one.nodeId === toNodeId && one.poseSide === side,
    );
    const goes = [...this.legs[side].values()].some(
      (one) =>
        one !== leg &&
        one.began &&
        !one.completed &&
        !one.abandoned &&
        one.request.commandedBy === "us" &&
        one.request.toNodeId === toNodeId &&
        one.request.vehicleId !== vehicleId,
    );
    return stands || goes;
  }

  #beyond(side: Side, leg: FakeLeg): NodeId | undefined {
    const first = leg.request.firstGrantThroughNodeId;
    return this.#fleet.vehicles.get(leg.request.vehicleId)?.authority === side ? first : undefined;
  }

  #leftPartner(side: Side, vehicleId: VehicleId): void {
    const giver = otherSide(side);
    for (const leg of this.legs[giver].values()) {
      if (leg.request.vehicleId !== vehicleId || leg.request.partnerStretch === undefined || leg.clear)
        continue;
      if (this.blind.has(giver)) continue;
      leg.clear = true;
      leg.completed = true;
      this.#agenda.later(() => this.#listeners.tell(giver, { kind: "clearOfGround", vehicleId }));
    }
  }
}
