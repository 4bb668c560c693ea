import type { Clock, FleetAdapter, FleetEvent, Ids, Timers, VehicleId } from "@baton/fleet-adapter";
import {
  type Borders,
  bordersIn,
  compileNetwork,
  DIRECTIONS,
  type HandoffPointId,
  type Network,
  type NodeId,
  otherSide,
  type Side,
  type Site,
  type VehicleClassId,
  visitPoints,
  type ZoneId,
} from "@baton/maps";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { createAlarmBook } from "./alarms/alarm-book.ts";
import { ConfigError } from "./config.ts";
import type { AlarmView, DeviceView, MissionView } from "./contract/index.ts";
import { openDivided } from "./divided.ts";
import type { GateDevices } from "./gate/port.ts";
import type { KeyRing } from "./handoff/keys.ts";
import { LineCranes } from "./handoff/line-cranes.ts";
import type { LinkedTransferDevices } from "./handoff/linked-transfer-devices.ts";
import type { Fetch } from "./handoff/partner-ask.ts";
import { createRedisHandoffStore } from "./handoff/redis-handoff-store.ts";
import { createHandoffs } from "./handoff/service.ts";
import type { HandoffService } from "./handoff/service-port.ts";
import type { MissionControl } from "./mission/control-port.ts";
import { createMissionControl } from "./mission/mission-control.ts";
import type { Procedure } from "./mission/procedure.ts";
import { redisMissionStore } from "./mission/redis-mission-store.ts";
import { withSharingPolicy } from "./partner/shared-handoffs.ts";
import { SHARE_ALL, type SharingPolicy } from "./partner/sharing-policy.ts";
import { createFleetWitnesses } from "./reservation/fleet-witnesses.ts";
import { type LeaderId, type Ledger, LedgerUnreachable } from "./reservation/ledger/ledger.ts";
import { createOrderWriter, type OrderWriter } from "./reservation/orders.ts";
import { createReservation } from "./reservation/service.ts";
import type { SideReservation } from "./reservation/service-port.ts";
import type { ZoneLink } from "./reservation/zones/zone-link.ts";
import { closureAlarms, type Holder } from "./watch/closure-alarms.ts";
import { conditionAlarms } from "./watch/condition-alarms.ts";
import { isKeptGround } from "./watch/kept-ground.ts";
import { lineCraneAlarms } from "./watch/line-crane-alarms.ts";
import { loadsWay } from "./watch/loads-way.ts";
import { plannedWayAlarms } from "./watch/planned-way-alarms.ts";
import { retriableAlarms } from "./watch/retriable-alarms.ts";
import { silenceAlarms } from "./watch/silence-alarms.ts";
import { stalledAstride } from "./watch/stalled-astride.ts";
import { strayGround } from "./watch/stray-ground.ts";
import { failureAlarms, troubleAlarms } from "./watch/trouble-alarms.ts";
import { stretchesFor, visitorsGround } from "./watch/visitors-ground.ts";

/** What a side stands on: everything by which its rooms reach the world, the process's or a simulated one. */
export interface Footing {
  readonly clock: Clock & Timers;
  readonly ids: Ids;
  /** For missions, hand-offs and audit; the ledger has a connection of its own. */
  readonly redis: Redis;
  readonly ledger: Ledger;
  readonly fleet: FleetAdapter;
  readonly devices: GateDevices & { start(): Promise<void>; stop(): Promise<void> };
  /** The cranes at the line; without, containers change vehicle nowhere. */
  readonly transfers?: LinkedTransferDevices;
  /** Begins the tick loop of one zone of a side that has several; without, such a side cannot be run. */
  readonly linkTo?: (zoneId: ZoneId, borders: Borders) => ZoneLink;
  readonly partner: { readonly url: string; readonly fetch?: Fetch };
}

export interface RoomsInputs {
  readonly side: Side;
  readonly site: Site;
  readonly procedures: readonly Procedure[];
  readonly keys: KeyRing;
  /** What of a manifest leaves this side; everything if not given. */
  readonly sharing?: SharingPolicy;
  readonly tickMs: number;
  /** Ticks kept in the ledger's stream. */
  readonly keepTicks?: number;
  /** How many planned nodes beyond its grants a vehicle is shown. */
  readonly horizonNodes?: number;
  /** How long vehicles have to say where they are when the ledger has lost ticks. */
  readonly witnessMs?: number;
  readonly footing: Footing;
  readonly log: Logger;
  readonly onMission: (mission: MissionView) => void;
  readonly onDevice?: (device: DeviceView) => void;
  readonly onAlarm: (alarm: AlarmView) => void;
  /** One of before a restart whose cause is not there any more. */
  readonly onAlarmForgotten?: (alarm: AlarmView) => void;
  /** Alarms that stood before a restart; asked for once Redis answers. */
  readonly recallAlarms?: () => Promise<readonly AlarmView[]>;
  /** Real milliseconds, for measuring only. */
  readonly stopwatchMs?: () => number;
}

export interface Rooms {
  readonly network: Network;
  readonly reservation: SideReservation;
  readonly missions: MissionControl;
  readonly handoffs: HandoffService;
  /** Of the site's hand-off points where containers change vehicle. */
  readonly lineCranes: LineCranes;
  readonly alarms: ReturnType<typeof createAlarmBook>;
  /** See `OrderWriter`. */
  readonly hasAllTold: OrderWriter["hasAllTold"];
  /** Waits for the ledger as long as it takes, and then begins to work. Rejects when the side cannot begin, e.g. without its broker. */
  begin(): Promise<void>;
  stop(): Promise<void>;
}

const LEDGER_RETRY_MS = 1_000;
const FAILURES_EVERY_MS = 1_000;

/**
 * The rooms of one side's orchestrator, put together over what they stand on. A process (`side.ts`) gives them the machine's
 * clock, brokers and the partner's address; a simulation in fast time gives them a virtual clock and its own world.
 * @throws {ConfigError} when the site has no zone for the side.
 */
export function openRooms(inputs: RoomsInputs): Rooms {
  const { side, site, procedures, keys, tickMs, log } = inputs;
  const { clock, ids, redis, ledger, fleet, devices, transfers, partner } = inputs.footing;
  const { zoneId, vehicleClass } = groundOf(site, side);
  const room = (name: string): Logger => log.child({ room: name });
  const whole = compileNetwork(site, side, vehicleClass.vehicleClassId as VehicleClassId);
  const divided = dividedOf(inputs, whole, zoneId, room("reservation"));
  const network = divided?.network ?? whole;
  let isStopping = false;
  const stops: (() => Promise<void> | void)[] = [];

  const isOurs = (vehicleId: VehicleId): boolean =>
    fleet.vehicles().get(vehicleId)?.state?.control?.authority === side;
  const orders = createOrderWriter({
    network,
    fleet,
    mayCommand: isOurs,
    ...(inputs.horizonNodes === undefined ? {} : { horizonNodes: inputs.horizonNodes }),
  });

  // A ledger that may have lost ticks is rebuilt from what vehicles say, so that they may have to be heard before it is led.
  let fleetUp: Promise<void> | undefined;
  const fleetIsUp = (): Promise<void> => {
    fleetUp ??= fleet.start().then(() => void stops.push(() => fleet.stop()));
    return fleetUp;
  };
  const witnesses = createFleetWitnesses({
    side,
    fleet,
    timers: clock,
    nextId: () => ids.next(),
    fleetIsUp,
    hasAllTold: (state) => orders.hasAllTold(state),
    ...(inputs.witnessMs === undefined ? {} : { answerWithinMs: inputs.witnessMs }),
  });

  const reservation: SideReservation =
    divided?.reservation ??
    createReservation({
      network,
      kinematics: vehicleClass,
      ledger,
      leaderId: ids.next() as LeaderId,
      clock,
      timers: clock,
      log: room("reservation"),
      tickMs,
      witnesses,
      ...(inputs.keepTicks === undefined ? {} : { keepTicks: inputs.keepTicks }),
      ...(inputs.stopwatchMs === undefined ? {} : { stopwatchMs: inputs.stopwatchMs }),
    });
  reservation.onCommitted((legs) => orders.write(legs));

  const alarms = createAlarmBook({
    side,
    nowMs: () => clock.nowMs(),
    onChange: inputs.onAlarm,
    ...(inputs.onAlarmForgotten === undefined ? {} : { onForgotten: inputs.onAlarmForgotten }),
  });

  const lineCranes = new LineCranes(transferDevicesOf(site).values(), clock);
  const holders = (): Holder[] =>
    [...fleet.vehicles().values()].flatMap(({ vehicleId, state }) => {
      const holding = reservation.holding(vehicleId);
      if (holding === undefined) return [];
      return [{ vehicleId, grantedEdgeIds: holding.grantedEdgeIds, lastNodeId: state?.lastNodeId }];
    });
  const underLoads =
    transfers === undefined
      ? undefined
      : loadsWay({
          side,
          handoffPoints: site.file.handoffPoints,
          network,
          transfers,
          reservation,
          cranes: lineCranes,
          holders,
          open: () => handoffs.open(),
        });
  const visits = visitPoints(site);
  const handoffs: HandoffService = createHandoffs({
    side,
    partnerSide: otherSide(side),
    partnerUrl: partner.url,
    ...(partner.fetch === undefined ? {} : { fetch: partner.fetch }),
    keys,
    store: createRedisHandoffStore({ redis, zoneId }),
    fleet,
    clock,
    timers: clock,
    ids,
    log: room("handoff"),
    account: `${side}-baton`,
    ...(underLoads === undefined ? {} : { transfers: underLoads }),
    ...(visits.length === 0
      ? {}
      : {
          visitGround: visitorsGround({ network, reservation, stretches: stretchesFor(side, visits) }),
        }),
    holdNodeOf: (handoffPointId) => {
      const point = site.file.handoffPoints.find((each) => each.handoffPointId === handoffPointId);
      if (point?.mode !== "control-passes") return undefined;
      return point.hold.giverNodeId as NodeId;
    },
    describePoint: (handoffPointId) => {
      const homeward = visits.find(({ homePointId }) => homePointId === handoffPointId);
      const point = site.file.handoffPoints.find((each) => each.handoffPointId === handoffPointId);
      const direction =
        homeward === undefined ? point?.direction : DIRECTIONS.find((each) => each !== homeward.direction);
      const lane = site.file.sides[side].lanes.find(
        (each) => each.kind === "unmanned" && each.direction === direction,
      );
      return { place: `${site.file.name.en}, ${handoffPointId}`, lane: lane?.laneId ?? handoffPointId };
    },
  });

  const missions = createMissionControl({
    side,
    site,
    procedures,
    store: redisMissionStore({ redis, zone: zoneId, epoch: () => reservation.epoch() }),
    reservation,
    devices,
    handoffs: withSharingPolicy(handoffs, inputs.sharing ?? SHARE_ALL),
    fleet,
    clock,
    timers: clock,
    ids,
    log: room("mission"),
    alarms,
    lineCranes,
    ...(visits.length === 0 ? {} : { visits: handoffs }),
    onChange: inputs.onMission,
    ...(inputs.onDevice === undefined ? {} : { onDevice: inputs.onDevice }),
  });
  // Hand-offs first: a mission that hears of its crane may have asked them for something.
  transfers?.subscribe((handoffPointId, report) => {
    handoffs.observeTransfer(handoffPointId, report);
    lineCranes.hear(report);
  });

  // What one room hears, told to the others.
  const { vehicleClasses } = site.file;
  const body = {
    lengthM: Math.max(...vehicleClasses.map(({ lengthM }) => lengthM)),
    widthM: Math.max(...vehicleClasses.map(({ widthM }) => widthM)),
  };
  const strays = strayGround({ side, network, body, reservation, alarms });
  const stalls = stalledAstride({ side, body, alarms });
  const retriables = retriableAlarms(alarms);
  const plans = plannedWayAlarms({ side, network, body, reservation, alarms });
  const conditions = conditionAlarms(alarms);
  reservation.subscribe((event) => {
    if (event.kind === "granted" || event.kind === "reached") strays.onPath(event.vehicleId);
    if (event.kind === "trouble" && event.code === "off-path" && event.vehicleId !== undefined)
      strays.offPath(event.vehicleId);
  });
  reservation.onCommitted(() => strays.settle());
  const hear = (event: FleetEvent): void => {
    if (event.kind === "orderEnded") orders.hear(event);
    if (event.kind !== "state") return;
    const { state } = event;
    const factsheet = fleet.vehicles().get(state.vehicleId)?.factsheet;
    strays.look(state, factsheet, clock.nowMs());
    stalls.look(state, factsheet);
    retriables.look(state);
    plans.look(state, clock.nowMs());
    conditions.look(state, clock.nowMs());
    if (state.control !== undefined) handoffs.observeRegister(state.vehicleId, state.control);
    if (state.pose !== undefined) {
      const { vehicleId, pose, speedMps, driving, atMs } = state;
      reservation.observe({ vehicleId, pose, speedMps, driving, atMs });
    }
  };
  fleet.subscribe(hear);
  const troubles = troubleAlarms({ fleet, reservation, handoffs, alarms });
  const failures = failureAlarms(alarms);
  const silences = silenceAlarms(alarms, side);
  const cranesAway = lineCraneAlarms(alarms);
  const closed = closureAlarms(alarms, network, holders);

  /** Redis may be away at the start: nothing begins without it, and nothing has to be started by hand when it comes. */
  const lead = async (): Promise<void> => {
    while (!isStopping) {
      try {
        return await reservation.start();
      } catch (error) {
        if (!(error instanceof LedgerUnreachable)) throw error;
        log.error(
          { code: "ledger.unreachable", detail: error.message },
          "Redis does not answer; nothing is granted until it does. Check REDIS_URL and that Redis runs.",
        );
        await new Promise<void>((resolve) => clock.after(LEDGER_RETRY_MS, resolve));
      }
    }
  };

  const begin = async (): Promise<void> => {
    await lead();
    if (isStopping) return;
    stops.push(() => reservation.stop());
    if (inputs.recallAlarms !== undefined) alarms.remember(await inputs.recallAlarms());
    await fleetIsUp();
    for (const service of [devices, ...(transfers === undefined ? [] : [transfers]), handoffs, missions]) {
      await service.start();
      stops.push(() => service.stop());
    }
    strays.begin();
    const look = (): void => {
      alarms.look();
      const { failed, closures } = reservation.outOfUse();
      failures.look(failed);
      troubles.look(clock.nowMs());
      closed.look(closures.filter(({ closureId }) => !isKeptGround(closureId)));
      underLoads?.look();
      silences.look(fleet.vehicles().values(), clock.nowMs());
      cranesAway.look(lineCranes.all(), clock.nowMs());
    };
    stops.push(clock.every(FAILURES_EVERY_MS, look));
  };
  let begun: Promise<void> | undefined;

  return {
    network,
    reservation,
    missions,
    handoffs,
    lineCranes,
    alarms,
    hasAllTold: (state) => orders.hasAllTold(state),
    begin: () => {
      begun ??= begin();
      return begun;
    },
    async stop() {
      isStopping = true;
      await begun?.catch(() => undefined);
      for (const stop of stops.reverse()) await stop();
    },
  };
}

/** Which crane serves which hand-off point of a site. */
export function transferDevicesOf(site: Site): ReadonlyMap<HandoffPointId, string> {
  return new Map(
    site.file.handoffPoints.flatMap((point) =>
      point.mode === "container-transfers"
        ? [[point.handoffPointId as HandoffPointId, point.deviceId] as const]
        : [],
    ),
  );
}

function dividedOf(
  { side, site, footing }: RoomsInputs,
  network: Network,
  sideId: string,
  log: Logger,
): ReturnType<typeof openDivided> | undefined {
  const borders = bordersIn(site, side);
  if (borders === undefined) return undefined;
  const { redis, clock, linkTo } = footing;
  if (linkTo === undefined) {
    throw new ConfigError(
      `site ${site.siteId} divides ${side} into ${borders.zones.length} zones, which cannot be run here: take a site with one zone a side`,
    );
  }
  const toZone = (zoneId: ZoneId): ZoneLink => linkTo(zoneId, borders);
  return openDivided({ side, network, borders, sideId, redis, timers: clock, log, linkTo: toZone });
}

/**
 * The vehicle class that a side runs with, and its zone; of several the first, under whose name it keeps what is of none
 * of them.
 */
export function groundOf(
  site: Site,
  side: Side,
): { readonly zoneId: string; readonly vehicleClass: Site["file"]["vehicleClasses"][number] } {
  const zone = site.file.zones.find((each) => each.side === side);
  const vehicleClass = site.file.vehicleClasses[0];
  if (zone === undefined || vehicleClass === undefined) {
    throw new ConfigError(`BATON_SITE_DIR: site ${site.siteId} has no zone or no vehicle class for ${side}`);
  }
  return { zoneId: zone.zoneId, vehicleClass };
}
