import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import { boundOf, DIRECTIONS, type Side, type VehicleClassId } from "@baton/maps";
import type { Step, TransportOrderRequest } from "../contract/index.ts";
import { type Calendar, jointOpeningAt } from "../dispatch/calendar.ts";
import type { DispatchCommand } from "../dispatch/decision.ts";
import { classOf } from "../dispatch/first-sight.ts";
import { placeForInbound, placeUnderCrane } from "../dispatch/inbound-room.ts";
import { passingLineOf } from "../dispatch/lane-pairs.ts";
import { lineFor, lineNamed } from "../dispatch/line-choice.ts";
import { returnLoadFor } from "../dispatch/return-load.ts";
import { Round } from "../dispatch/round.ts";
import { bookSlot } from "../dispatch/slots.ts";
import { vehiclesWanted } from "../dispatch/vehicles-wanted.ts";
import type { DispatchView } from "../dispatch/view.ts";
import {
  type PassingLine,
  pairOf,
  stationOf,
  type TransferLine,
  type VisitLine,
  type Yard,
} from "../dispatch/yard.ts";
import { readContainerNumber } from "../gate/iso6346.ts";
import type { DeclineCode, Offer, ReturnLoad } from "../handoff/port.ts";
import {
  ADOPTABLE,
  adoptedContext,
  emptyRunContext,
  inboundContext,
  outboundContext,
  placeOf,
} from "./begin.ts";
import {
  byVisit,
  type Consignment,
  cargoName,
  cargoOf,
  isOver,
  type MissionContext,
  type MissionVehicle,
} from "./context.ts";
import { consignmentOf, missionVehicleOf } from "./manifest-of.ts";
import { type Procedure, procedureFor, ruleOf } from "./procedure.ts";

/** What is known when someone asks for a mission. */
export interface IntakeView {
  readonly yard: Yard;
  readonly procedures: readonly Procedure[];
  readonly atMs: number;
  /** For the mission, if it comes to one. */
  readonly missionId: string;
  readonly spareId: string;
  /** All that are known, also those that are over. */
  readonly missions: readonly MissionContext[];
  /** Of both sides: each must be open for a container to cross. */
  readonly calendars: readonly Calendar[];
  missionOfVehicle(vehicleId: VehicleId): MissionContext | undefined;
  dispatchView(): DispatchView;
  vehicleRecord(vehicleId: string): VehicleRecord | undefined;
  homeOf(vehicleId: VehicleId): Side;
}

export interface Refusal {
  readonly kind: "refused";
  /** Stable. */
  readonly code: string;
  readonly detail: string;
}

export type Intake =
  | { readonly kind: "context"; readonly context: MissionContext }
  | { readonly kind: "exists"; readonly missionId: string }
  | Refusal;

const refused = (code: string, detail: string): Refusal => ({ kind: "refused", code, detail });

/** A customer's order becomes a mission that goes out from this side. */
export function outboundMission(view: IntakeView, order: TransportOrderRequest): Intake {
  const bound = boundOf(view.yard.side, order.direction);
  if (bound !== "outbound")
    return refused(
      "order.not-outbound",
      `an ${order.direction} order is placed on the other side of the line`,
    );
  const common = checkOrder(view, order, "outbound");
  if (common.kind !== "usable") return common;
  const line = lineFor(view.yard, order);
  if (line === undefined) return noLine(order);
  const slot = slotFor(view, common.procedure);
  if (slot === "none")
    return refused(
      "order.no-slot",
      "both sides have no opening hours in common with a free slot in two weeks",
    );
  const context = outboundContext(
    { ...view, procedure: common.procedure, direction: order.direction, line },
    order,
    slot,
  );
  return context === undefined ? noLine(order) : { kind: "context", context };
}

/** Who has which slot follows from the missions: those given back are free again. */
export function slotFor(
  view: Pick<IntakeView, "missions" | "calendars" | "atMs">,
  { slots: plan }: Pick<Procedure, "slots">,
  notBeforeMs = view.atMs,
): NonNullable<MissionContext["slot"]> | "none" | undefined {
  if (plan === undefined) return undefined;
  const taken = new Map<number, number>();
  for (const { slot, status } of view.missions) {
    if (slot === undefined || slot.toMs <= view.atMs || status === "returned") continue;
    taken.set(slot.fromMs, (taken.get(slot.fromMs) ?? 0) + 1);
  }
  const slot = bookSlot(plan, view.calendars, taken, Math.max(view.atMs, notBeforeMs));
  return slot === undefined ? "none" : { ...slot, callFromMs: slot.fromMs - plan.callAheadMs };
}

interface Usable {
  readonly kind: "usable";
  readonly procedure: Procedure;
}

function checkOrder(
  view: IntakeView,
  order: TransportOrderRequest,
  bound: "outbound" | "inbound",
): Usable | Exclude<Intake, { kind: "context" }> {
  // Orders of the partner's customers are the partner's: their numbers may be the same as ours.
  const same = view.missions.find((one) => one.bound === bound && one.consignment?.orderId === order.orderId);
  if (same !== undefined && same.consignment?.containerNo !== order.containerNo) {
    return refused("order.conflict", `${order.orderId} is the order for ${cargoName(same)}`);
  }
  if (same !== undefined) return { kind: "exists", missionId: same.missionId };
  const reading = readContainerNumber(order.containerNo);
  if (reading.kind === "invalid") return refused("order.container-invalid", reading.reason);
  if (reading.number.containerNo !== order.containerNo) {
    return refused("order.container-invalid", `write the container number as ${reading.number.containerNo}`);
  }
  const busy = view.missions.find(
    (one) => !isOver(one) && one.consignment?.containerNo === order.containerNo,
  );
  if (busy !== undefined)
    return refused("order.container-busy", `${order.containerNo} is on mission ${busy.missionId}`);
  const procedure = procedureFor(view.procedures, view.yard.side, bound, view.atMs);
  if (procedure === undefined)
    return refused("order.no-procedure", `no ${bound} procedure of ${view.yard.side} is in force`);
  return { kind: "usable", procedure };
}

const noLine = ({ direction, handoffPointId }: TransportOrderRequest): Refusal =>
  refused(
    "order.no-handoff-point",
    `the site has no hand-off point ${handoffPointId === undefined ? "" : `${handoffPointId} `}for ${direction}`,
  );

/** A vehicle with its container in the middle of the way, that a person vouches for by name. */
export function adoption(
  view: IntakeView,
  request: {
    readonly order: TransportOrderRequest;
    readonly vehicleId: string;
    readonly atStationId: string;
    readonly step: Step;
    readonly account: string;
  },
): Intake {
  const { order, step } = request;
  const bound = boundOf(view.yard.side, order.direction);
  const common = checkOrder(view, order, bound);
  if (common.kind !== "usable") return common;
  const station = stationOf(view.yard, request.atStationId);
  if (station === undefined)
    return refused("adopt.station-unknown", `no station ${request.atStationId} on this side`);
  const kind = ADOPTABLE[bound][step];
  if (kind === undefined || ruleOf(common.procedure, step) === undefined) {
    return refused("adopt.step-not-possible", `no mission can be taken over at ${step}`);
  }
  if (station.kind !== kind || (kind === "buffer" && station.bound !== bound)) {
    return refused(
      "adopt.wrong-station",
      `at ${step} a vehicle stands at a ${bound} ${kind}, not at ${station.stationId}`,
    );
  }
  const vehicle = missionVehicle(view, request.vehicleId);
  if (vehicle === undefined)
    return refused(
      "adopt.vehicle-unknown",
      `${request.vehicleId} has not reported, or not by a size that the site knows`,
    );
  const busy = view.missionOfVehicle(vehicle.vehicleId);
  if (busy !== undefined)
    return refused("adopt.vehicle-busy", `${vehicle.vehicleId} is on mission ${busy.missionId}`);
  const seen = view.dispatchView();
  const standing = seen.vehicles.find((one) => one.vehicleId === vehicle.vehicleId);
  if (standing?.ours !== true)
    return refused("adopt.vehicle-not-ours", `${vehicle.vehicleId} does not answer to this side`);
  if (standing.stationId !== station.stationId)
    return refused("adopt.vehicle-elsewhere", `${vehicle.vehicleId} does not stand at ${station.stationId}`);
  if (!vehicle.loadIds.includes(order.containerNo))
    return refused("adopt.not-loaded", `${vehicle.vehicleId} does not report ${order.containerNo} aboard`);
  const places = placesForAdoption(seen, station, vehicle.vehicleId);
  if (places === undefined) return refused("adopt.no-bay", "no outbound bay is free");
  const { buffer = station } = places;
  const ofBay = passingLineOf(
    view.yard,
    order.direction,
    pairOf(stationOf(view.yard, buffer.stationId) ?? station),
  );
  const asked = lineFor(view.yard, order);
  const isSettled = order.handoffPointId !== undefined || asked?.mode !== "control-passes";
  const line = isSettled ? asked : ofBay;
  if (line === undefined) return noLine(order);
  const context = adoptedContext(
    { ...view, procedure: common.procedure, direction: order.direction, line },
    bound,
    {
      order,
      vehicle,
      step,
      account: request.account,
      places,
    },
  );
  return { kind: "context", context };
}

function placesForAdoption(seen: DispatchView, station: Yard["stations"][number], vehicleId: VehicleId) {
  if (station.kind === "buffer") return { buffer: placeOf(station) };
  const others = new Set(
    seen.vehicles.filter((one) => one.vehicleId !== vehicleId).map((one) => one.stationId),
  );
  const bay = seen.yard.stations.find(
    (one) =>
      one.kind === "buffer" &&
      one.bound === "outbound" &&
      !seen.heldStations.has(one.stationId) &&
      seen.closedStations?.has(one.stationId) !== true &&
      !others.has(one.stationId),
  );
  return bay === undefined ? undefined : { crane: placeOf(station), buffer: placeOf(bay) };
}

export type InboundIntake =
  | { readonly kind: "context"; readonly context: MissionContext }
  | { readonly kind: "known"; readonly context: MissionContext }
  | { readonly kind: "declined"; readonly code: DeclineCode; readonly reason: string };

type Declined = Extract<InboundIntake, { kind: "declined" }>;

const declined = (code: DeclineCode, reason: string): Declined => ({ kind: "declined", code, reason });

/** The partner's offer becomes a mission of its own here, with a bay reserved, or is declined. */
export function inboundMission(view: IntakeView, offer: Offer): InboundIntake {
  const missionId = `in-${offer.handoffId}`;
  const known = view.missions.find((one) => one.missionId === missionId);
  if (known !== undefined) return { kind: "known", context: known };
  if (boundOf(view.yard.side, offer.direction) !== "inbound")
    return declined("manifest-incomplete", "that direction leaves this side");
  if (saysNothingOfCargo(offer.manifest)) return emptyVehicle(view, offer, missionId);
  const consignment = consignmentOf(offer.manifest);
  if (consignment === undefined)
    return declined(
      "manifest-incomplete",
      "a container without its consignment, or papers without a container",
    );
  const reading = readContainerNumber(consignment.containerNo);
  if (reading.kind === "invalid") return declined("manifest-incomplete", reading.reason);
  if (view.missions.some((one) => isRefusedHere(one, consignment)))
    return declined("refused", `${consignment.containerNo} of ${consignment.orderId} was refused here`);
  const procedure = procedureFor(view.procedures, view.yard.side, "inbound", view.atMs);
  if (procedure === undefined) return declined("border-closed", "no inbound procedure is in force");
  const line = lineNamed(view.yard, offer.direction, offer.handoffPointId);
  if (line === undefined) return declined("border-closed", `no hand-off point ${offer.handoffPointId}`);
  if (!isOpenFor(view, offer)) return bordersClosed;
  const seen = view.dispatchView();
  const found =
    line.mode === "container-transfers"
      ? takenAtPad(view, seen, line)
      : line.mode === "host-grants"
        ? takenAsVisitor(view, offer, line)
        : takenWithVehicle(view, seen, offer, line);
  if (found.kind === "declined") return found;
  const context = inboundContext(
    { ...view, missionId, procedure, direction: offer.direction, line },
    { ...found.places, handoffId: offer.handoffId, manifest: offer.manifest, consignment },
  );
  return context === undefined
    ? declined("border-closed", "the inbound procedure has no steps")
    : { kind: "context", context };
}

/** A vehicle with nothing aboard has no papers of any either: a manifest that has lost its container is not one of such a vehicle. */
const saysNothingOfCargo = ({ container, consignment, scan, quarantine }: Offer["manifest"]): boolean =>
  container === undefined && consignment === undefined && scan === undefined && quarantine === undefined;

const isOpenFor = ({ calendars }: IntakeView, { etaMs }: Offer): boolean => {
  const opening = jointOpeningAt(calendars, etaMs);
  return opening !== undefined && opening.fromMs <= etaMs;
};
const bordersClosed = declined("border-closed", "one of the two sides is closed when it would arrive");

/**
 * A vehicle with nothing aboard: taken when containers here wait for more vehicles than there are, or it comes home, and there is a bay
 * and a place for it.
 */
function emptyVehicle(view: IntakeView, offer: Offer, missionId: string): InboundIntake {
  const { side } = view.yard;
  const procedure = procedureFor(view.procedures, side, "inbound", view.atMs, "nothing");
  if (procedure === undefined) return declined("not-wanted", "no procedure for vehicles with nothing aboard");
  const line = lineNamed(view.yard, offer.direction, offer.handoffPointId);
  if (line?.mode !== "control-passes")
    return declined("border-closed", `no vehicle passes at ${offer.handoffPointId}`);
  if (!isOpenFor(view, offer)) return bordersClosed;
  const seen = view.dispatchView();
  if (vehiclesWanted(new Round(seen)) <= 0) return declined("not-wanted", "there are vehicles enough");
  const found = takenWithVehicle(view, seen, offer, line);
  if (found.kind === "declined") return found;
  const context = inboundContext(
    { ...view, missionId, procedure, direction: offer.direction, line },
    { ...found.places, handoffId: offer.handoffId, manifest: offer.manifest, consignment: undefined },
  );
  return context === undefined
    ? declined("border-closed", "its procedure has no steps")
    : { kind: "context", context };
}

/** A vehicle of ours goes over the line with nothing aboard. Refused when that is not provided for here. */
export function emptyRun(
  view: IntakeView,
  run: Extract<DispatchCommand, { readonly kind: "send-empty-over" }>,
): Intake {
  const { yard } = view;
  const direction = DIRECTIONS.find((one) => boundOf(yard.side, one) === "outbound");
  const procedure = procedureFor(view.procedures, yard.side, "outbound", view.atMs, "nothing");
  const vehicle = missionVehicle(view, run.vehicleId);
  const bay = stationOf(yard, run.bufferStationId);
  const line =
    direction === undefined || bay === undefined ? undefined : passingLineOf(yard, direction, pairOf(bay));
  if (
    direction === undefined ||
    line === undefined ||
    procedure === undefined ||
    vehicle === undefined ||
    bay === undefined
  )
    return refused("empty-run.not-possible", `${run.vehicleId} by ${run.bufferStationId}`);
  const context = emptyRunContext({ ...view, procedure, direction, line }, vehicle, bay);
  return context === undefined
    ? refused("empty-run.not-possible", "its procedure has no steps")
    : { kind: "context", context };
}

/** A person has refused it; the same container under another order is another matter. */
const isRefusedHere = (
  { bound, status, refusal, consignment }: MissionContext,
  { orderId, containerNo }: Pick<Consignment, "orderId" | "containerNo">,
): boolean =>
  bound === "inbound" &&
  status === "returned" &&
  refusal !== undefined &&
  consignment?.orderId === orderId &&
  consignment.containerNo === containerNo;

/** What an inbound mission has from the beginning: its vehicle, and the places on its way. */
type InboundPlaces = Pick<Parameters<typeof inboundContext>[1], "vehicle" | "stations" | "next">;
type InboundFound = Declined | { readonly kind: "found"; readonly places: InboundPlaces };

/** The vehicle comes with its container: a class of ours, a bay, and room for it once it is empty. */
function takenWithVehicle(
  view: IntakeView,
  seen: DispatchView,
  offer: Offer,
  line: PassingLine,
): InboundFound {
  const vehicleClassId = classFor(view, offer);
  if (vehicleClassId === undefined) return noClass(offer);
  if (view.missionOfVehicle(offer.vehicleId) !== undefined)
    return declined("busy", `${offer.vehicleId} is on a mission here`);
  const place = placeForInbound(seen, pairOf(line));
  if (place.kind === "no-room") return declined("no-room", place.reason);
  const bay = stationOf(view.yard, place.stationId);
  if (bay === undefined) return declined("no-room", "the bay is not known");
  const vehicle = missionVehicleOf(offer.manifest, {
    vehicleId: offer.vehicleId,
    vehicleClassId,
    home: offer.vehicleHome,
  });
  const next = returnLoadOf(view, seen, offer, vehicle);
  return { kind: "found", places: { vehicle, stations: { bay }, next } };
}

/** The container comes alone: our pad under the crane, a vehicle of ours to stand there, and a bay for it. */
function takenAtPad(view: IntakeView, seen: DispatchView, line: TransferLine): InboundFound {
  const place = placeUnderCrane(seen, line);
  if (place.kind === "no-room") return declined(place.code, place.reason);
  const vehicle = missionVehicle(view, place.vehicleId);
  const bay = stationOf(view.yard, place.bayStationId);
  const pad = stationOf(view.yard, line.pad.stationId);
  if (vehicle === undefined || bay === undefined || pad === undefined)
    return declined("no-room", "its vehicle, bay or pad is not known");
  return { kind: "found", places: { vehicle, stations: { bay, pad }, next: undefined } };
}

/** One stands at the exchange pad, another may wait at the line for its ground. */
const VISITORS_A_PAD = 2;

/** The vehicle comes with its container and goes home again, driven by its own side. */
function takenAsVisitor(view: IntakeView, offer: Offer, line: VisitLine): InboundFound {
  if (offer.mode !== "host-grants" || offer.vehicleHome === view.yard.side)
    return declined("vehicle-unknown", `${offer.vehicleId} is no visitor at ${line.handoffPointId}`);
  const visitors = view.missions.filter(
    (one) => !isOver(one) && one.bound === "inbound" && byVisit(one)?.handoffPointId === line.handoffPointId,
  );
  if (visitors.length >= VISITORS_A_PAD) return declined("busy", `${line.pad.stationId} is others'`);
  const vehicleClassId = classFor(view, offer);
  if (vehicleClassId === undefined) return noClass(offer);
  if (view.missionOfVehicle(offer.vehicleId) !== undefined)
    return declined("busy", `${offer.vehicleId} is on a mission here`);
  const exchangePad = stationOf(view.yard, line.pad.stationId);
  if (exchangePad === undefined) return declined("no-room", "the exchange pad is not known");
  const { vehicleId, vehicleHome: home } = offer;
  const vehicle = missionVehicleOf(offer.manifest, { vehicleId, vehicleClassId, home });
  return { kind: "found", places: { vehicle, stations: { exchangePad }, next: undefined } };
}

function classFor({ yard }: IntakeView, { manifest }: Offer): VehicleClassId | undefined {
  const { lengthM, widthM } = manifest.vehicle;
  return yard.vehicleClasses.find((one) => one.lengthM >= lengthM - 0.01 && one.widthM >= widthM - 0.01)
    ?.vehicleClassId;
}

const noClass = ({ manifest: { vehicle } }: Offer): Declined =>
  declined("vehicle-unknown", `no class of the site is ${vehicle.lengthM} m by ${vehicle.widthM} m`);

/** How long after it has come over the line a vehicle is expected there again with a load: unloading, loading, the lane. */
const BACK_AFTER_MS = 45 * 60_000;

function returnLoadOf(
  view: IntakeView,
  seen: DispatchView,
  offer: Offer,
  { vehicleClassId, lengthM }: MissionVehicle,
): (ReturnLoad & { readonly missionId: string }) | undefined {
  if (offer.returnLoadWanted === false && offer.vehicleHome !== view.yard.side) return undefined;
  const maxLoadKg =
    view.yard.vehicleClasses.find((one) => one.vehicleClassId === vehicleClassId)?.maxLoadKg ?? 0;
  const missionId = returnLoadFor(seen, { maxLoadKg, lengthM });
  const next = missionId === undefined ? undefined : view.missions.find((one) => one.missionId === missionId);
  if (next === undefined) return undefined;
  const { orderId, containerNo } = cargoOf(next);
  const expectedAtMs = offer.etaMs + BACK_AFTER_MS;
  // Later than the partner wants it back would be no return for it.
  if (offer.returnByMs !== undefined && expectedAtMs > offer.returnByMs) return undefined;
  return { missionId: next.missionId, orderId, containerNo, expectedAtMs };
}

/** A vehicle of ours as a mission knows it, from what it has told of itself. */
export function missionVehicle(
  view: Pick<IntakeView, "yard" | "vehicleRecord" | "homeOf">,
  vehicleId: string,
): MissionVehicle | undefined {
  const record = view.vehicleRecord(vehicleId);
  if (record?.state === undefined) return undefined;
  const { factsheet, state } = record;
  const vehicleClassId = classOf(view.yard, factsheet);
  const size = factsheet ?? view.yard.vehicleClasses.find((one) => one.vehicleClassId === vehicleClassId);
  if (vehicleClassId === undefined || size === undefined) return undefined;
  const dot = record.vehicleId.indexOf(".");
  return {
    vehicleId: record.vehicleId,
    vehicleClassId,
    home: view.homeOf(record.vehicleId),
    manufacturer: factsheet?.manufacturer ?? record.vehicleId.slice(0, dot),
    serialNumber: factsheet?.serialNumber ?? record.vehicleId.slice(dot + 1),
    lengthM: size.lengthM,
    widthM: size.widthM,
    batteryPct: state.batteryPct,
    loadIds: [...state.loadIds],
  };
}
