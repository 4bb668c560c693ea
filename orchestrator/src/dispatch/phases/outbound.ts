import { boundOf } from "@baton/maps";
import { assign, assignAtMost } from "../assignment.ts";
import { type AssignmentCost, approachCostS, carryingCostS, costOf, fits, urgencyS } from "../cost.ts";
import type { DispatchReason } from "../decision.ts";
import { transferLines } from "../line-choice.ts";
import { type Pair, pairUp, type Wanting } from "../pairing.ts";
import { type Round, setsOutFrom } from "../round.ts";
import type { DispatchVehicle } from "../view.ts";
import type { YardStation } from "../yard.ts";
import { noBay, roomBeyondCranes } from "./bays.ts";
import { closed } from "./call-trucks.ts";
import { begunAt, exchangeable, sendToPlaces, wayToPlaceS } from "./exchange.ts";

/**
 * Vehicles to outbound containers, optimally. Trucks come to whichever crane they are sent to, so it splits into two
 * assignments: which vehicles go to which cranes, of no more pairs than there are containers and bays for; and which
 * container each of these pairs loads. Where not every vehicle can carry every container, a first assignment chooses
 * vehicles that can, by their nearest cranes.
 *
 * A vehicle on its way to a parking place takes part from where it can turn, and one on its way to a charger that it does not need; and
 * so does one on its way to a container, which may be given another vehicle (`pairing.ts`).
 * A vehicle that is being unloaded takes part with its own crane: when it wins, its container waits for it, and
 * nothing is commanded yet. So loads are paired without an empty way, and each round may still decide otherwise.
 */
export function giveVehiclesToOutbound(round: Round): void {
  const { nowMs, rules } = round.view;
  const waiting = round.missions("wants-vehicle");
  const isOpen = round.view.line.state === "open";
  const idle = round.view.vehicles.filter(
    (vehicle) =>
      !round.taken.has(vehicle.vehicleId) &&
      (round.whyNotSent(vehicle) === undefined || round.mayBeCalledOff(vehicle)),
  );
  const onTheWay = isOpen && (idle.length > 0 || waiting.length > 0) ? exchangeable(round) : [];
  if (waiting.length === 0 && onTheWay.length === 0) return;
  const begun = waiting.flatMap((mission) => begunAt(mission, round));
  const fresh = waiting.filter(({ craneStationId }) => craneStationId === undefined);
  if (!isOpen) for (const { missionId } of fresh) round.missionReasons.set(missionId, closed(round));
  const urgency = new Map(waiting.map((mission) => [mission.missionId, urgencyS(mission, nowMs, rules)]));
  const urgencyOf = (mission: Wanting): number => urgency.get(mission.missionId) ?? 0;
  const inOrder = (isOpen ? [...fresh] : []).sort(
    (a, b) => urgencyOf(b) - urgencyOf(a) || (a.missionId < b.missionId ? -1 : 1),
  );
  const room = roomBeyondCranes(round);
  const spare = vehiclesToSpare(round) - begun.length;
  const free = freeCranes(round);
  const chosen = choose(inOrder, idle, Math.max(0, Math.min(room, spare)), free, round, urgencyOf);
  const movable = [...idle, ...onTheWay.map(({ vehicle }) => vehicle)];
  const paired = pairUp(
    {
      fresh: chosen.missions,
      chosen: new Set(chosen.vehicles),
      idle,
      cranesOf: (vehicle) => cranesFor(vehicle, free, round),
      soon: soonFree(chosen.missions, round),
      begun: begun.filter(({ wish }) => movable.some((one) => fits(one, wish))),
      onTheWay,
      freeCranes: free,
      freedS: (vehicle) => wayToPlaceS(vehicle, round),
    },
    round,
  );
  const { pairs } = paired;
  const served = load(chosen.missions, pairs, round, urgencyOf);
  for (const one of paired.served) send(one, one.missionId, one.cost, round);
  sendToPlaces(paired, round);
  for (const { missionId } of begun)
    if (!paired.served.some((one) => one.missionId === missionId))
      round.missionReasons.set(missionId, { code: "no-vehicle" });
  const anyCrane = pairs.length > 0 || idle.some((vehicle) => cranesFor(vehicle, free, round).length > 0);
  for (const [rank, mission] of inOrder.entries()) {
    if (served.has(mission.missionId)) continue;
    const why = whyNot(mission, rank, room, idle, anyCrane ? free : undefined, round);
    if (why.code === "no-crane") round.loadingWaits = true;
    round.missionReasons.set(mission.missionId, why);
  }
}

function whyNot(
  mission: Wanting,
  rank: number,
  room: number,
  idle: readonly DispatchVehicle[],
  free: readonly YardStation[] | undefined,
  round: Round,
): DispatchReason {
  if (rank >= room) return noBay(round);
  if (rank >= vehiclesToSpare(round) || idle.length === 0) return { code: "no-vehicle" };
  if (!idle.some((vehicle) => fits(vehicle, mission)))
    return {
      code: "no-vehicle-fits",
      facts: { grossKg: mission.grossKg, loadLengthM: mission.loadLengthM },
    };
  if (free === undefined) return { code: "no-crane", facts: { cranes: round.index.cranes.length } };
  const hasWay = idle.some((vehicle) =>
    cranesFor(vehicle, free, round).some((crane) =>
      Number.isFinite(round.wayM(setsOutFrom(vehicle), crane.nodeId)),
    ),
  );
  return { code: hasWay ? "no-vehicle" : "no-way" };
}

/**
 * How many vehicles may be loaded. Where containers come over the line by a crane, some vehicle must always be there to take one: were
 * all of both sides loaded, none could ever give.
 */
function vehiclesToSpare(round: Round): number {
  const { yard, vehicles } = round.view;
  const comesByCrane = transferLines(yard).some(
    ({ direction }) => boundOf(yard.side, direction) === "inbound",
  );
  if (!comesByCrane) return Number.POSITIVE_INFINITY;
  const here = vehicles.filter(
    (one) =>
      one.ours &&
      one.missionId === undefined &&
      one.online &&
      one.localised &&
      one.admitted &&
      one.unfit === undefined,
  ).length;
  return Math.max(0, here + round.missions("unloading").length - 1);
}

/** The most urgent containers, and all idle vehicles; or those vehicles that suit them best when they differ. */
function choose(
  inOrder: readonly Wanting[],
  idle: readonly DispatchVehicle[],
  room: number,
  free: readonly YardStation[],
  round: Round,
  urgencyOf: (mission: Wanting) => number,
): { readonly missions: readonly Wanting[]; readonly vehicles: readonly DispatchVehicle[] } {
  if (inOrder.every((mission) => idle.every((vehicle) => fits(vehicle, mission))))
    return { missions: inOrder.slice(0, room), vehicles: idle };
  const { rules, yard } = round.view;
  const { side } = yard;
  const approachS = idle.map((vehicle) => {
    const waysM = cranesFor(vehicle, free, round).map((crane) =>
      round.wayM(setsOutFrom(vehicle), crane.nodeId),
    );
    return approachCostS(vehicle, { wayM: Math.min(...waysM), freeInS: 0, side }, rules).totalS;
  });
  const costs = new Float64Array(inOrder.length * idle.length);
  for (const [i, mission] of inOrder.entries())
    for (const [j, vehicle] of idle.entries())
      costs[i * idle.length + j] = (approachS[j] ?? 0) + carryingCostS(vehicle, mission, rules).totalS;
  const leftOut = Float64Array.from(inOrder, urgencyOf);
  const columnOf = assignAtMost(room, costs, inOrder.length, idle.length, leftOut);
  const used = new Set(columnOf);
  return {
    missions: inOrder.filter((_, i) => (columnOf[i] ?? -1) >= 0),
    vehicles: idle.filter((_, j) => used.has(j)),
  };
}

/** Vehicles that are being unloaded, soonest first: no more than there are containers that may wait for one. */
function soonFree(missions: readonly Wanting[], round: Round) {
  const { vehicles, nowMs, rules } = round.view;
  const patient = missions.filter((mission) => mayWait(mission, round)).length;
  if (patient === 0) return [];
  const byId = new Map(vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]));
  return round
    .missions("unloading")
    .flatMap(({ vehicleId, craneStationId, freeAtMs }) => {
      const vehicle = byId.get(vehicleId);
      const crane = round.index.byId.get(craneStationId);
      if (vehicle === undefined || crane === undefined) return [];
      const isUsable =
        vehicle.ours &&
        vehicle.online &&
        vehicle.unfit === undefined &&
        vehicle.batteryPct >= rules.minBatteryPct &&
        freeAtMs <= nowMs + rules.patienceMs &&
        missions.every((mission) => fits(vehicle, mission));
      return isUsable ? [{ vehicle, crane, freeAtMs }] : [];
    })
    .sort((a, b) => a.freeAtMs - b.freeAtMs || (a.vehicle.vehicleId < b.vehicle.vehicleId ? -1 : 1))
    .slice(0, patient);
}

/** Urgent containers, and those that have waited long, take what is there. */
function mayWait({ priority, perishable, sinceMs, dueAtMs }: Wanting, { view }: Round): boolean {
  const { nowMs, rules } = view;
  if (priority > 0 || perishable || nowMs - sinceMs >= rules.patienceMs) return false;
  return dueAtMs === undefined || dueAtMs - nowMs > rules.weights.deadlineHorizonS * 1_000;
}

/** Which container each pair loads, and what follows. Returns those that were given a vehicle, or know which one is theirs. */
function load(
  missions: readonly Wanting[],
  pairs: readonly Pair[],
  round: Round,
  urgencyOf: (mission: Wanting) => number,
): ReadonlySet<string> {
  const { nowMs, rules, yard } = round.view;
  const { side } = yard;
  const costs = new Float64Array(missions.length * pairs.length);
  for (const [i, mission] of missions.entries()) {
    for (const [j, { vehicle, wayM, freeInS }] of pairs.entries()) {
      const never = freeInS > 0 && !mayWait(mission, round);
      costs[i * pairs.length + j] = never
        ? Number.POSITIVE_INFINITY
        : costOf(vehicle, mission, { wayM, freeInS, side }, rules).totalS;
    }
  }
  const leftOut = Float64Array.from(missions, urgencyOf);
  const columnOf = assign(costs, missions.length, pairs.length, leftOut)?.columnOf;
  const served = new Set<string>();
  for (const [i, { missionId, ...wish }] of missions.entries()) {
    const pair = pairs[columnOf?.[i] ?? -1];
    if (pair === undefined) continue;
    const { vehicle, wayM, freeInS } = pair;
    const { vehicleId } = vehicle;
    served.add(missionId);
    if (freeInS > 0) {
      const untilMs = Math.round(nowMs + freeInS * 1_000);
      round.missionReasons.set(missionId, { code: "waits-for-vehicle", facts: { vehicleId, untilMs } });
      continue;
    }
    send(pair, missionId, costOf(vehicle, wish, { wayM, freeInS, side }, rules), round);
  }
  return served;
}

function send({ vehicle, crane, from }: Pair, missionId: string, cost: AssignmentCost, round: Round): void {
  const { vehicleId, stationId } = vehicle;
  const { stationId: craneStationId } = crane;
  round.vacate(stationId);
  round.occupy(craneStationId, missionId);
  round.taken.add(vehicleId);
  const command = { kind: "assign-vehicle", missionId, vehicleId, craneStationId, cost } as const;
  round.command(from === undefined ? command : { ...command, from });
}

/** Free cranes, and the one at which the vehicle stands itself: it need not move away to be loaded. */
function cranesFor(
  vehicle: DispatchVehicle,
  free: readonly YardStation[],
  round: Round,
): readonly YardStation[] {
  const own = round.stationOf(vehicle);
  const isOwn = own?.kind === "crane" && round.holderOf(own.stationId) === vehicle.vehicleId;
  return isOwn ? [own, ...free] : free;
}

/** A container that waits to be unloaded has the next crane that becomes free; who stands at one may still use it. */
function freeCranes(round: Round): readonly YardStation[] {
  return round.unloadingWaits > 0 ? [] : round.free(round.index.cranes);
}
