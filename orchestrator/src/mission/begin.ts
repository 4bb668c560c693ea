import { type Bound, boundOf, DIRECTIONS, type Direction } from "@baton/maps";
import type { Step, TransportOrderRequest } from "../contract/index.ts";
import { hasPairs, passingLineOf } from "../dispatch/lane-pairs.ts";
import { lineNamed, passingLine } from "../dispatch/line-choice.ts";
import { type PassingLine, pairOf, type Yard, type YardLine, type YardStation } from "../dispatch/yard.ts";
import type { Fact } from "../gate/conditions.ts";
import type { Manifest } from "../handoff/manifest.ts";
import type { HandoffId, ReturnLoad } from "../handoff/port.ts";
import { cargoOf, type MissionContext } from "./context.ts";
import { timelineEntry } from "./evidence.ts";
import type { Procedure } from "./procedure.ts";
import type { Consignment, MissionVehicle, Place, Places } from "./records.ts";

/** What every mission begins with. */
export interface Beginning {
  readonly missionId: string;
  readonly yard: Yard;
  readonly procedure: Procedure;
  readonly direction: Direction;
  /** Which way over the line it takes. */
  readonly line: YardLine;
  readonly atMs: number;
  readonly spareId: string;
}

export function placeOf(station: YardStation): Place {
  return {
    stationId: station.stationId,
    ...(station.nodeId === undefined ? {} : { nodeId: station.nodeId }),
    ...(station.beginNodeId === undefined ? {} : { beginNodeId: station.beginNodeId }),
    deviceIds: [...station.deviceIds],
  };
}

/** The stations of one of a side's unmanned lanes in a bound. Bays and cranes come with the assignment. */
function lanePlaces(yard: Yard, bound: Bound, pair: number): Places {
  const first = (kind: YardStation["kind"], of: YardStation["bound"]): Place | undefined => {
    const station = yard.stations.find(
      (one) => one.kind === kind && one.bound === of && (of === "yard" || pairOf(one) === pair),
    );
    return station === undefined ? undefined : placeOf(station);
  };
  const found = {
    scanner: first("scanner", bound),
    ...(bound === "outbound"
      ? {
          truckGate: first("truck-gate", "yard"),
          portal: first("portal", "outbound"),
          weighbridge: first("weighbridge", "outbound"),
          exitGate: first("exit-gate", "outbound"),
        }
      : { entryGate: first("entry-gate", "inbound"), yardQueue: yard.craneQueues.get(pair) }),
  };
  return withoutUndefined(found);
}

function hasDocks({ stations }: Yard, of: Bound): boolean {
  return stations.some(
    ({ kind, bound, nodeId }) => kind === "inspection-dock" && bound === of && nodeId !== undefined,
  );
}

function withoutUndefined(places: { readonly [K in keyof Places]: Place | undefined }): Places {
  const known: Places = {};
  for (const [role, place] of Object.entries(places))
    if (place !== undefined) Object.assign(known, { [role]: place });
  return known;
}

function contextFor(
  beginning: Omit<Beginning, "line">,
  line: MissionContext["line"],
  bound: Bound,
  consignment: Consignment | undefined,
  places: Places,
  step: Step,
): MissionContext {
  const { yard, procedure, atMs, direction } = beginning;
  return {
    contextVersion: 1,
    missionId: beginning.missionId,
    siteId: yard.siteId,
    side: yard.side,
    direction,
    bound,
    procedureId: procedure.procedureId,
    procedureVersion: procedure.version,
    createdAtMs: atMs,
    nowMs: atMs,
    spareId: beginning.spareId,
    status: "running",
    step,
    stepSinceMs: atMs,
    attempts: {},
    holdCount: 0,
    ...(consignment === undefined ? {} : { consignment }),
    places,
    ...(hasDocks(yard, bound) ? { hasDocks: true } : {}),
    line,
    ...(bound === "outbound" && !leadsBack(yard, line) ? { noWayBack: true } : {}),
    clearOfGround: false,
    jobs: {},
    legs: {},
    legRounds: {},
    facts: [],
    findings: {},
    overrides: {},
    timeline: [],
    issued: [],
    outbox: [],
  };
}

/** A way over the line as a mission remembers it. */
function lineIn(line: YardLine, yard: Yard): MissionContext["line"] {
  const { handoffPointId } = line;
  if (line.mode === "host-grants") {
    const { mode, homePointId, holdNodeId, homeNodeId, pad, inStretchId, outStretchId } = line;
    const passing = passingLine(yard, line.direction);
    return {
      mode,
      handoffPointId,
      homePointId,
      holdNodeId,
      homeNodeId,
      padNodeId: pad.nodeId,
      padStationId: pad.stationId,
      padXM: pad.xM,
      padYM: pad.yM,
      inStretchId,
      outStretchId,
      ...(passing === undefined ? {} : { passing: passingIn(passing) }),
    };
  }
  if (line.mode === "container-transfers") {
    const { mode, deviceId, pad } = line;
    return { mode, handoffPointId, deviceId, padNodeId: pad.nodeId, padStationId: pad.stationId };
  }
  return passingIn(line);
}

/** Whether a vehicle that stands at the line, or under its crane, can drive to a crane of the yard. */
function leadsBack({ stations, wayM }: Yard, line: MissionContext["line"]): boolean {
  const from = line.mode === "container-transfers" ? line.padNodeId : line.holdNodeId;
  return stations.some(
    ({ kind, nodeId }) => kind === "crane" && nodeId !== undefined && wayM(from, nodeId) !== undefined,
  );
}

function passingIn({ handoffPointId, holdNodeId, beyondNodeId, holdXM }: PassingLine) {
  return { handoffPointId, holdNodeId, beyondNodeId, ...(holdXM === undefined ? {} : { holdXM }) };
}

function consignmentOfOrder(order: TransportOrderRequest): Consignment {
  return {
    orderId: order.orderId,
    containerNo: order.containerNo,
    sizeType: order.sizeType,
    declaredGrossKg: order.declaredGrossKg,
    goodsSummary: order.goodsSummary,
    declarationNo: order.declarationNo,
    channel: order.channel,
    truckPlate: order.truckPlate,
    sealNo: order.sealNo,
    priority: order.priority ?? 0,
    ...(order.dueAtMs === undefined ? {} : { dueAtMs: order.dueAtMs }),
    ...(order.perishable === undefined ? {} : { perishable: order.perishable }),
  };
}

/** A mission for an order that goes out; undefined when its procedure has no steps. */
export function outboundContext(
  beginning: Beginning,
  order: TransportOrderRequest,
  slot?: NonNullable<MissionContext["slot"]>,
): MissionContext | undefined {
  const step = beginning.procedure.steps[0]?.step;
  if (step === undefined) return undefined;
  const context = contextFor(
    beginning,
    lineIn(beginning.line, beginning.yard),
    "outbound",
    consignmentOfOrder(order),
    lanePlaces(beginning.yard, "outbound", pairOf(beginning.line)),
    step,
  );
  const isSettled = order.handoffPointId !== undefined || beginning.line.mode !== "control-passes";
  const pair = hasPairs(beginning.yard) && isSettled ? { pairAsked: pairOf(beginning.line) } : {};
  return slot === undefined ? { ...context, ...pair } : { ...context, ...pair, slot };
}

/** What a mission is to know of the lane of its bay: with the bay dispatch has chosen it. Nothing where there is one pair only. */
export function laneOfBay(yard: Yard, bay: YardStation): ChosenLane | undefined {
  const direction = DIRECTIONS.find((one) => boundOf(yard.side, one) === "outbound");
  if (!hasPairs(yard) || direction === undefined) return undefined;
  const line = passingLineOf(yard, direction, pairOf(bay));
  if (line === undefined) return undefined;
  return { places: lanePlaces(yard, "outbound", pairOf(bay)), line: passingIn(line) };
}

/** A lane as a mission remembers it: its stations, and where it crosses the line. */
export interface ChosenLane {
  readonly places: Places;
  readonly line: MissionContext["line"];
}

/** A mission for a vehicle that goes over the line with nothing aboard; undefined when its procedure has no steps. */
export function emptyRunContext(
  beginning: Beginning,
  vehicle: MissionVehicle,
  bay: YardStation,
): MissionContext | undefined {
  const step = beginning.procedure.steps[0]?.step;
  if (step === undefined) return undefined;
  const places = { ...lanePlaces(beginning.yard, "outbound", pairOf(bay)), buffer: placeOf(bay) };
  const line = lineIn(beginning.line, beginning.yard);
  return { ...contextFor(beginning, line, "outbound", undefined, places, step), vehicle };
}

/**
 * A mission for what the partner offers, with the bay that is reserved for it: a vehicle with its container, or a container alone
 * and a vehicle of ours that takes it at the pad.
 */
export function inboundContext(
  beginning: Beginning,
  offered: {
    readonly handoffId: HandoffId;
    readonly manifest: Manifest;
    /** None when the vehicle comes with nothing aboard. */
    readonly consignment: Consignment | undefined;
    readonly vehicle: MissionVehicle;
    /** Its bay, and our pad under the crane at the line; a visitor has our exchange pad alone. */
    readonly stations:
      | { readonly bay: YardStation; readonly pad?: YardStation }
      | { readonly exchangePad: YardStation };
    /** What its vehicle is meant to load next. */
    readonly next: (ReturnLoad & { readonly missionId: string }) | undefined;
  },
): MissionContext | undefined {
  const step = beginning.procedure.steps[0]?.step;
  if (step === undefined) return undefined;
  const { next, stations } = offered;
  const places =
    "exchangePad" in stations
      ? placesAtPad(stations.exchangePad)
      : {
          ...lanePlaces(beginning.yard, "inbound", pairOf(beginning.line)),
          buffer: placeOf(stations.bay),
          ...(stations.pad === undefined ? {} : { pad: placeOf(stations.pad) }),
        };
  const line = lineIn(beginning.line, beginning.yard);
  const context = contextFor(beginning, line, "inbound", offered.consignment, places, step);
  const handoff = {
    handoffId: offered.handoffId,
    phase: "offered",
    switched: false,
    concluded: false,
    ...(next === undefined
      ? {}
      : {
          returnLoad: {
            orderId: next.orderId,
            containerNo: next.containerNo,
            expectedAtMs: next.expectedAtMs,
          },
        }),
  } as const;
  return {
    ...context,
    vehicle: offered.vehicle,
    manifest: offered.manifest,
    handoff,
    ...(next === undefined ? {} : { returnMissionId: next.missionId }),
  };
}

/** At an exchange pad everything is done that a lane and a yard crane do elsewhere: its crane comes first, its reader last. */
function placesAtPad(station: YardStation): Places {
  const place = placeOf(station);
  return {
    crane: { ...place, deviceIds: place.deviceIds.slice(0, 1) },
    entryGate: { ...place, deviceIds: place.deviceIds.slice(-1) },
  };
}

/** At which kind of station a vehicle stands when a person hands it over to Baton in the middle of a mission. */
export const ADOPTABLE: Readonly<Record<Bound, Partial<Record<Step, YardStation["kind"]>>>> = {
  outbound: {
    "arm-seal": "crane",
    identify: "crane",
    verdict: "buffer",
    quarantine: "buffer",
    decision: "buffer",
    inspection: "buffer",
    offer: "buffer",
  },
  inbound: { verdict: "buffer", decision: "buffer", inspection: "buffer", unload: "buffer" },
};

/**
 * A mission in the middle of its way: a person says by name that all steps before it were done. What they would have
 * established becomes facts of that person, so that the record shows who vouched.
 */
export function adoptedContext(
  beginning: Beginning,
  bound: Bound,
  adopted: {
    readonly order: TransportOrderRequest;
    readonly vehicle: MissionVehicle;
    readonly step: Step;
    readonly account: string;
    readonly places: Places;
  },
): MissionContext {
  const { procedure, atMs } = beginning;
  const { order, account, step } = adopted;
  const places = { ...lanePlaces(beginning.yard, bound, pairOf(beginning.line)), ...adopted.places };
  const line = lineIn(beginning.line, beginning.yard);
  const context = contextFor(beginning, line, bound, consignmentOfOrder(order), places, step);
  const before = procedure.steps.slice(
    0,
    procedure.steps.findIndex((rule) => rule.step === step),
  );
  const facts = before.flatMap((rule) =>
    rule.establishes.map(
      (condition): Fact => ({ condition, holds: true, source: "adopted", atMs, account, detail: rule.step }),
    ),
  );
  const timeline = [timelineEntry(step, atMs, { code: "adopted", account })];
  const findings = before.some((rule) => rule.step === "arm-seal")
    ? ({ sealNo: order.sealNo, sealState: "armed" } as const)
    : {};
  return { ...context, vehicle: adopted.vehicle, facts, findings, timeline };
}

/** An outbound mission's container that comes back to the yard, from where its vehicle stands with it. */
export function backContext(
  beginning: Omit<Beginning, "line">,
  back: {
    readonly returned: MissionContext;
    readonly vehicle: MissionVehicle;
    readonly station: YardStation;
  },
): MissionContext {
  const { returned, vehicle, station } = back;
  const atCrane = station.kind === "crane";
  const here = placeOf(station);
  const { handoffPointId } = returned.line;
  const line = lineNamed(beginning.yard, returned.direction, handoffPointId);
  const places = {
    ...lanePlaces(beginning.yard, "inbound", line === undefined ? 1 : pairOf(line)),
    ...(atCrane ? { crane: here } : { buffer: here }),
  };
  const step =
    atCrane || !beginning.procedure.steps.some((rule) => rule.step === "drive-to-yard")
      ? "unload"
      : "drive-to-yard";
  const context = contextFor(beginning, returned.line, "inbound", cargoOf(returned), places, step);
  return { ...context, vehicle, bringsBack: returned.missionId };
}

/** Stations that a mission has for itself at this moment: others may have them only when it has left them. */
export function heldStations(context: MissionContext, legLeft: (step: Step) => boolean): readonly Place[] {
  const { crane, buffer, dock, pad } = context.places;
  if (context.status === "done" || context.status === "returned") return [];
  const isOutbound = context.bound === "outbound";
  const held: Place[] = [];
  // Inbound: once the container is off it, the vehicle that stands there is all that is in the way.
  const leftCrane = isOutbound
    ? context.passedAgain !== undefined || legLeft("identify")
    : context.step === "close";
  if (crane !== undefined && !leftCrane) held.push(crane);
  const goesOn = isOutbound ? legLeft("guard-exit") : legLeft("drive-to-yard") || legLeft("unload");
  if (buffer !== undefined && !goesOn && !legLeft("inspection")) held.push(buffer);
  if (dock !== undefined && !goesOn) held.push(dock);
  // Outbound: an emptied vehicle may stay there, and take what comes the other way.
  const leftPad = isOutbound ? context.step === "close" : legLeft("accept");
  if (pad !== undefined && !leftPad) held.push(pad);
  return held;
}
