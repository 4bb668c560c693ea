import type {
  Clock,
  FleetAdapter,
  FleetEvent,
  Instruction,
  VehicleId,
  VehicleRecord,
  VehicleState,
} from "@baton/fleet-adapter";
import { type DeviceId, type NodeId, otherSide, type Side } from "@baton/maps";
import type { AlarmRaise, Alarms } from "../../alarms/port.ts";
import type { Yard } from "../../dispatch/yard.ts";
import type {
  DeviceEvent,
  DeviceJob,
  DeviceReport,
  DeviceResult,
  GateDevices,
  JobId,
} from "../../gate/port.ts";
import type { Manifest } from "../../handoff/manifest.ts";
import type { HandoffEvent, HandoffId, Handoffs, Offer } from "../../handoff/port.ts";
import type { LegId, LegRequest, Reservation, ReservationEvent } from "../../reservation/port.ts";

/** What a device says to a job; undefined for silence. */
export type Answer = (job: DeviceJob) => DeviceReport["outcome"] | undefined;

interface FakeVehicle {
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

interface Conversation {
  readonly offer: Offer;
  readonly giver: Side;
  /** Everything said so far, to say it again to whoever asks again. */
  readonly said: { readonly to: Side; readonly event: HandoffEvent }[];
  readonly done: Set<string>;
}

/**
 * A world of two sides, one agenda: what is to happen next lies in a list, and the test says which of it does.
 * It is idempotent by the ids of what it is asked, as the real rooms are, and counts what really happened.
 */
export class FakeWorld {
  readonly yards: Record<Side, Yard>;
  readonly clock: Clock;
  readonly vehicles = new Map<VehicleId, FakeVehicle>();
  readonly #records = new Map<VehicleId, { readonly said: string; readonly record: VehicleRecord }>();
  readonly legs: Record<Side, Map<LegId, FakeLeg>> = { vn: new Map(), cn: new Map() };
  readonly admitted: Record<Side, Map<VehicleId, LegId | undefined>> = { vn: new Map(), cn: new Map() };
  readonly conversations = new Map<HandoffId, Conversation>();
  readonly alarms: Record<Side, Map<string, AlarmRaise>> = { vn: new Map(), cn: new Map() };
  /** How often each physical thing happened: lifts by container and way, switches by hand-off, ... */
  readonly happened = new Map<string, number>();
  /** Priorities that legs were given after they were asked for. */
  readonly prioritised = new Map<LegId, number>();
  /** Vehicles that are not connected: no side hears them. */
  readonly mute = new Set<VehicleId>();
  /** Vehicles that have orders and do not get on. */
  readonly halted = new Set<VehicleId>();
  /** Of these, who has given up its order. */
  readonly givenUp = new Set<VehicleId>();
  /** Sides whose reservation was not there to see a vehicle leave their ground. */
  readonly blind = new Set<Side>();
  /** Whether the road finds a way for who is to turn at once or not at all. */
  canTurn = true;
  /** Whether vehicles do what they are asked at the line. */
  registersSwitch = true;
  answer: Answer;
  agenda: (() => void)[] = [];
  readonly #wantedBy: Partial<Record<Side, number>> = {};
  readonly #jobs: Record<Side, Map<JobId, DeviceReport | undefined>> = { vn: new Map(), cn: new Map() };
  readonly #open: Record<Side, Set<JobId>> = { vn: new Set(), cn: new Set() };
  /** What a side was asked that no event answers, and has not written down yet: gone with its process. */
  readonly #undecided: Record<Side, (() => void)[]> = { vn: [], cn: [] };
  readonly #road: Record<Side, Set<(event: ReservationEvent) => void>> = { vn: new Set(), cn: new Set() };
  readonly #device: Record<Side, Set<(event: DeviceEvent) => void>> = { vn: new Set(), cn: new Set() };
  readonly #partner: Record<Side, Set<(event: HandoffEvent) => void>> = { vn: new Set(), cn: new Set() };
  readonly #fleet: Record<Side, Set<(event: FleetEvent) => void>> = { vn: new Set(), cn: new Set() };

  constructor(yards: Record<Side, Yard>, clock: Clock) {
    this.yards = yards;
    this.clock = clock;
    this.answer = (job) => ({ status: "done", result: goodResult(job) });
  }

  park(vehicleId: string, side: Side, stationId: string): void {
    const nodeId = this.yards[side].stations.find((one) => one.stationId === stationId)?.nodeId;
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

  /** Does the next thing, or the one that `pick` chooses among those that can happen. False when nothing is to happen. */
  step(pick: (count: number) => number = () => 0): boolean {
    const [task] = this.agenda.splice(pick(this.agenda.length), 1);
    task?.();
    return task !== undefined;
  }

  count(what: string): number {
    return this.happened.get(what) ?? 0;
  }

  standing(side: Side): readonly AlarmRaise[] {
    return [...this.alarms[side].values()];
  }

  /** The orchestrator of a side is gone: nobody listens there. */
  deafen(side: Side): void {
    for (const listeners of [this.#road, this.#device, this.#partner, this.#fleet]) listeners[side].clear();
    this.#undecided[side] = [];
  }

  reservationOf(side: Side): Reservation {
    return {
      admit: ({ vehicleId }) => {
        this.#decide(side);
        if (!this.admitted[side].has(vehicleId)) this.admitted[side].set(vehicleId, undefined);
        this.#later(() => this.#sayRoad(side, { kind: "admitted", vehicleId }));
      },
      requestLeg: (leg) => {
        this.#decide(side);
        this.#requestLeg(side, leg);
      },
      proceed: (_vehicleId, legId, nodeId) => {
        const leg = this.legs[side].get(legId);
        if (leg === undefined || leg.proceeded.has(nodeId)) return;
        leg.proceeded.add(nodeId);
        if (leg.waitingAt === nodeId) this.#later(() => this.#drive(side, leg));
      },
      abandonLeg: (_vehicleId, legId) => this.#ask(side, () => this.#abandon(side, legId)),
      dismiss: (vehicleId) =>
        this.#ask(side, () => {
          for (const leg of this.legs[side].values())
            if (leg.request.vehicleId === vehicleId) leg.completed = true;
          if (this.admitted[side].delete(vehicleId)) this.#did(`dismiss ${side}`);
        }),
      decided: () => new Promise((resolve) => this.#ask(side, resolve)),
      close: () => {},
      open: () => {},
      fail: () => {},
      recover: () => {},
      prioritise: (_vehicleId, legId, priority) => void this.prioritised.set(legId, priority),
      observe: () => {},
      explain: () => undefined,
      outOfUse: () => ({ closures: [], failed: [] }),
      subscribe: (listener) => this.#listen(this.#road[side], listener),
      standing: () =>
        [...this.admitted[side].keys()].flatMap((vehicleId) => {
          const nodeId = this.vehicles.get(vehicleId)?.nodeId;
          return nodeId === undefined ? [] : [{ vehicleId, nodeIds: [nodeId] }];
        }),
      // A leg without stops is driven at one go: until then it can be turned.
      turningNode: (vehicleId, onLeg) => {
        const leg = this.#legUnderWay(side, vehicleId);
        if (onLeg !== undefined && leg?.request.legId !== onLeg) return undefined;
        return leg?.request.via.length === 0 ? this.vehicles.get(vehicleId)?.nodeId : undefined;
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

  /** The device's session ends or begins. */
  sayAvailability(side: Side, deviceId: DeviceId, online: boolean): void {
    const atMs = this.clock.nowMs();
    for (const listener of [...this.#device[side]])
      listener({ kind: "availability", deviceId, online, atMs });
  }

  devicesOf(side: Side): GateDevices {
    return {
      start: async () => {},
      stop: async () => {},
      ask: (job) => {
        this.#open[side].add(job.jobId);
        this.#later(() => this.#work(side, job));
      },
      forget: (jobId) => void this.#open[side].delete(jobId),
      subscribe: (listener) => this.#listen(this.#device[side], listener),
    };
  }

  fleetOf(side: Side): FleetAdapter {
    return {
      start: async () => {},
      stop: async () => {},
      subscribe: (listener) => this.#listen(this.#fleet[side], listener),
      drive: () => {},
      cancel: () => {},
      instruct: (vehicleId: VehicleId, { kind }: Instruction) => this.#did(`${kind} ${vehicleId} ${side}`),
      vehicles: () =>
        new Map(
          [...this.vehicles.values()]
            .filter(({ vehicleId }) => !this.mute.has(vehicleId))
            .map((vehicle) => [vehicle.vehicleId, this.#record(vehicle)]),
        ),
    };
  }

  handoffsOf(side: Side): Handoffs {
    const once = (handoffId: HandoffId, what: string, then: (conversation: Conversation) => void): void => {
      const conversation = this.conversations.get(handoffId);
      if (conversation === undefined) return;
      if (conversation.done.has(what)) {
        // Asked again, so told again: events come at least once.
        for (const { to, event } of conversation.said)
          if (to === side) this.#later(() => this.#sayPartner(side, event));
        return;
      }
      conversation.done.add(what);
      then(conversation);
    };
    const say = (conversation: Conversation, to: Side, event: HandoffEvent): void => {
      conversation.said.push({ to, event });
      this.#later(() => this.#sayPartner(to, event));
    };
    return {
      // As the real room does: what is open is told again at the start, to whoever listens then, and not later.
      start: async () => {
        for (const conversation of this.conversations.values()) {
          for (const { to, event } of conversation.said) if (to === side) this.#sayPartner(side, event);
        }
      },
      stop: async () => {},
      forecast: (vehiclesWanted) => {
        this.#wantedBy[side] = vehiclesWanted;
      },
      partnerForecast: () => ({
        vehiclesWanted: this.#wantedBy[otherSide(side)] ?? 0,
        atMs: this.clock.nowMs(),
      }),
      offer: (offer) => {
        if (!this.conversations.has(offer.handoffId))
          this.conversations.set(offer.handoffId, { offer, giver: side, said: [], done: new Set() });
        once(offer.handoffId, "offer", (conversation) =>
          say(conversation, otherSide(side), { kind: "offered", offer }),
        );
      },
      accept: (handoffId, returnLoad) =>
        once(handoffId, "accept", (conversation) =>
          say(conversation, conversation.giver, {
            kind: "accepted",
            handoffId,
            ...(returnLoad === undefined ? {} : { returnLoad }),
          }),
        ),
      decline: (handoffId, code) =>
        once(handoffId, "accept", (conversation) => {
          this.#did(`decline ${code}`);
          say(conversation, conversation.giver, { kind: "declined", handoffId, code });
        }),
      ready: (handoffId, manifest: Manifest) =>
        once(handoffId, "ready", (conversation) =>
          say(conversation, otherSide(side), { kind: "ready", handoffId, manifest }),
        ),
      go: (handoffId) =>
        once(handoffId, "go", (conversation) => {
          say(conversation, conversation.giver, { kind: "going", handoffId });
          if (!this.registersSwitch) return;
          this.#later(() => {
            const vehicle = this.#vehicle(conversation.offer.vehicleId);
            vehicle.authority = otherSide(conversation.giver);
            vehicle.epoch++;
            this.#did(`switch ${handoffId}`);
            for (const to of ["vn", "cn"] as const) {
              say(conversation, to, {
                kind: "switched",
                handoffId,
                vehicleId: vehicle.vehicleId,
                epoch: vehicle.epoch,
              });
            }
            this.#later(() => this.#driveAll(otherSide(conversation.giver), vehicle.vehicleId));
          });
        }),
      receive: (handoffId) =>
        once(handoffId, "receive", (conversation) => {
          this.#did(`receipt ${handoffId}`);
          for (const to of ["vn", "cn"] as const)
            say(conversation, to, { kind: "concluded", handoffId, recordHash: `hash-${handoffId}` });
        }),
      withdraw: (handoffId, reason) =>
        this.#ask(side, () =>
          once(handoffId, "withdraw", (conversation) => {
            for (const to of ["vn", "cn"] as const)
              say(conversation, to, { kind: "ended", handoffId, how: "withdrawn", reason });
          }),
        ),
      revoke: (handoffId, reason) =>
        this.#ask(side, () =>
          once(handoffId, "revoke", (conversation) => {
            for (const to of ["vn", "cn"] as const)
              say(conversation, to, { kind: "ended", handoffId, how: "revoked", reason });
          }),
        ),
      kept: () => new Promise((resolve) => this.#ask(side, resolve)),
      observeRegister: () => {},
      subscribe: (listener) => this.#listen(this.#partner[side], listener),
      open: () => [],
    };
  }

  alarmsOf(side: Side): Alarms {
    return {
      raise: (alarm) => void this.alarms[side].set(alarm.alarmId, alarm),
      clear: (alarmId) => void this.alarms[side].delete(alarmId),
    };
  }

  sayState(vehicleId: VehicleId): void {
    const state = this.#record(this.#vehicle(vehicleId)).state;
    if (state === undefined || this.mute.has(vehicleId)) return;
    for (const side of ["vn", "cn"] as const) {
      this.#later(() => {
        for (const listener of [...this.#fleet[side]]) listener({ kind: "state", vehicleId, state });
      });
    }
  }

  /** Done a little later, or before whatever else the road is asked. */
  #ask(side: Side, task: () => void): void {
    if (this.#undecided[side].push(task) === 1) this.#later(() => this.#decide(side));
  }

  #decide(side: Side): void {
    for (const task of this.#undecided[side].splice(0)) task();
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
      this.#later(() => this.#announce(side, known));
      return;
    }
    const { vehicleId, legId } = request;
    const before = this.#legUnderWay(side, vehicleId);
    if (request.orNever === true && (before?.request.legId !== request.insteadOf || !this.canTurn)) {
      this.#did("no turn");
      this.#later(() => this.#sayRoad(side, { kind: "legRefused", vehicleId, legId, reason: "not-turned" }));
      return;
    }
    if (before !== undefined && before.request.legId === request.insteadOf) {
      before.abandoned = true;
      this.#did("turn");
      const old = before.request.legId;
      this.#later(() => this.#sayRoad(side, { kind: "legAbandoned", vehicleId, legId: old, ok: true }));
    } else if (before !== undefined && before.request.commandedBy === "us") {
      this.#later(() => this.#sayRoad(side, { kind: "legRefused", vehicleId, legId, reason: "busy" }));
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
    this.#did(`leg ${request.legId}`);
    this.#later(() => this.#drive(side, leg));
  }

  #legUnderWay(side: Side, vehicleId: VehicleId): FakeLeg | undefined {
    return [...this.legs[side].values()].find(
      (leg) => leg.request.vehicleId === vehicleId && !leg.completed && !leg.abandoned,
    );
  }

  /** The vias, what is driven through behind them, and the end. */
  #wayOf(side: Side, request: LegRequest): FakeLeg["ahead"] {
    const { stations } = this.yards[side];
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
    this.#sayRoad(side, { kind: "legPlanned", vehicleId, legId, etaAtMs: this.clock.nowMs() });
    if (leg.granted !== undefined)
      this.#sayRoad(side, { kind: "granted", vehicleId, legId, throughNodeId: leg.granted });
    for (const nodeId of leg.reached)
      this.#sayRoad(side, { kind: "reached", vehicleId, legId, nodeId, edgeId: undefined });
    if (leg.waitingAt !== undefined)
      this.#sayRoad(side, { kind: "waitingAt", vehicleId, legId, nodeId: leg.waitingAt });
    if (leg.completed)
      this.#sayRoad(side, { kind: "legCompleted", vehicleId, legId, nodeId: leg.request.toNodeId });
    if (leg.clear) this.#sayRoad(side, { kind: "clearOfGround", vehicleId });
  }

  #driveAll(side: Side, vehicleId: VehicleId): void {
    for (const leg of this.legs[side].values())
      if (leg.request.vehicleId === vehicleId && !leg.completed) this.#drive(side, leg);
  }

  /** Drives one stop on; waits while another vehicle stands at the leg's end, as at an endpoint of the reservation. */
  #drive(side: Side, leg: FakeLeg): void {
    const { vehicleId, legId, commandedBy, toNodeId } = leg.request;
    if (leg.completed || leg.abandoned) return;
    const inTheWay = !leg.began && commandedBy === "us" && this.#isTaken(side, leg);
    if (inTheWay || this.halted.has(vehicleId) || !this.admitted[side].has(vehicleId)) {
      this.#later(() => this.#drive(side, leg));
      return;
    }
    leg.began = true;
    if (leg.granted === undefined) {
      leg.granted = leg.request.firstGrantThroughNodeId ?? toNodeId;
      this.admitted[side].set(vehicleId, legId);
      this.#sayRoad(side, { kind: "granted", vehicleId, legId, throughNodeId: leg.granted });
    }
    const vehicle = this.#vehicle(vehicleId);
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
    this.#sayRoad(side, { kind: "reached", vehicleId, legId, nodeId: next.nodeId, edgeId: undefined });
    this.sayState(vehicleId);
    const { partnerStretch } = leg.request;
    if (leg.ahead.length === 0 && partnerStretch !== undefined) {
      leg.granted = partnerStretch.throughNodeId;
      this.#sayRoad(side, { kind: "granted", vehicleId, legId, throughNodeId: leg.granted });
      return;
    }
    if (leg.ahead.length === 0) {
      leg.completed = true;
      this.#sayRoad(side, { kind: "legCompleted", vehicleId, legId, nodeId: toNodeId });
      return;
    }
    if (next.via && !leg.proceeded.has(next.nodeId)) {
      leg.waitingAt = next.nodeId;
      this.#sayRoad(side, { kind: "waitingAt", vehicleId, legId, nodeId: next.nodeId });
      return;
    }
    this.#later(() => this.#drive(side, leg));
  }

  #isTaken(side: Side, leg: FakeLeg): boolean {
    const { vehicleId, toNodeId } = leg.request;
    const stands = [...this.vehicles.values()].some(
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
    return this.vehicles.get(leg.request.vehicleId)?.authority === side ? first : undefined;
  }

  #leftPartner(side: Side, vehicleId: VehicleId): void {
    const giver = otherSide(side);
    for (const leg of this.legs[giver].values()) {
      if (leg.request.vehicleId !== vehicleId || leg.request.partnerStretch === undefined || leg.clear)
        continue;
      if (this.blind.has(giver)) continue;
      leg.clear = true;
      leg.completed = true;
      this.#later(() => this.#sayRoad(giver, { kind: "clearOfGround", vehicleId }));
    }
  }

  #work(side: Side, job: DeviceJob): void {
    const { jobId, deviceId, task } = job;
    let report = this.#jobs[side].get(jobId);
    if (report === undefined) {
      const outcome = this.answer(job);
      if (outcome === undefined) return;
      report = { jobId, deviceId, atMs: this.clock.nowMs(), outcome };
      this.#jobs[side].set(jobId, report);
      if (task.kind === "lift" && outcome.status === "done" && job.vehicleId !== undefined) {
        const vehicle = this.#vehicle(job.vehicleId);
        vehicle.loadIds =
          task.way === "onto-vehicle"
            ? [...vehicle.loadIds, task.containerNo]
            : vehicle.loadIds.filter((one) => one !== task.containerNo);
        this.#did(`lift ${task.containerNo} ${task.way}`);
        this.sayState(vehicle.vehicleId);
      } else if (outcome.status === "done") this.#did(`${task.kind} ${task.containerNo} ${side}`);
    }
    const said = report;
    if (this.#open[side].has(jobId))
      for (const listener of [...this.#device[side]]) listener({ kind: "reported", report: said });
  }

  #record(vehicle: FakeVehicle): VehicleRecord {
    const { vehicleId, authority, epoch, nodeId, loadIds } = vehicle;
    const state: VehicleState = {
      vehicleId,
      atMs: this.clock.nowMs(),
      pose: vehicle.astray ?? this.yards[vehicle.poseSide].nodes.find((node) => node.nodeId === nodeId)?.pose,
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

  #vehicle(vehicleId: VehicleId): FakeVehicle {
    const vehicle = this.vehicles.get(vehicleId);
    if (vehicle === undefined) throw new Error(`no vehicle ${vehicleId}`);
    return vehicle;
  }

  #later(task: () => void): void {
    this.agenda.push(task);
  }

  #did(what: string): void {
    this.happened.set(what, this.count(what) + 1);
  }

  #sayRoad(side: Side, event: ReservationEvent): void {
    for (const listener of [...this.#road[side]]) listener(event);
  }

  #sayPartner(side: Side, event: HandoffEvent): void {
    for (const listener of [...this.#partner[side]]) listener(event);
  }

  #listen<T>(listeners: Set<(event: T) => void>, listener: (event: T) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}

/** What a device says when all is as it should be. */
export function goodResult({ task, vehicleId }: DeviceJob): DeviceResult {
  switch (task.kind) {
    case "register-order":
      return { kind: task.kind, slot: "slot-1", pass: "pass-1" };
    case "admit-truck":
      return {
        kind: task.kind,
        truckPlate: task.truckPlate,
        containerNo: task.containerNo,
        pictureReference: "picture-1",
      };
    case "lift":
      return { kind: task.kind, landed: true, twistLocksClosed: true };
    case "arm-seal":
      return { kind: task.kind, sealNo: task.sealNo, state: "armed" };
    case "identify":
      return {
        kind: task.kind,
        containerNo: task.containerNo,
        vehicleId: vehicleId ?? "",
        sealIntact: true,
        pictureReference: "picture-2",
      };
    case "weigh":
      return { kind: task.kind, grossKg: 20_100, scaleClass: "5" };
    case "scan":
      return { kind: task.kind, scanReference: "scan-1", sha256: "a".repeat(64) };
    case "judge-scan":
      return { kind: task.kind, verdict: "clear", account: "analyst-1" };
    case "quarantine":
      return { kind: task.kind, outcome: "not-listed", certificate: "" };
    case "decide":
      return { kind: task.kind, decision: "release", account: "customs-1" };
    case "inspect":
      return {
        kind: task.kind,
        outcome: "release",
        officers: ["officer-1", "officer-2"],
        newSealNo: "SEAL-NEW",
      };
    case "guard-check":
      return { kind: task.kind, allowed: true, account: "guard-1" };
    case "close-order":
      return { kind: task.kind, confirmation: "closed" };
  }
}
