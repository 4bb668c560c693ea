import { assignAtMost } from "./assignment.ts";
import { type AssignmentCost, approachCostS, costOf, fits } from "./cost.ts";
import { type Round, setsOutFrom } from "./round.ts";
import type { Coming, DispatchVehicle, MissionOf } from "./view.ts";
import type { YardStation } from "./yard.ts";

export type Wanting = MissionOf<"wants-vehicle">;

/** A vehicle at a crane: now, on its way, or as soon as what it brought has been lifted off. */
export interface Pair {
  readonly vehicle: DispatchVehicle;
  readonly crane: YardStation;
  readonly wayM: number;
  /** 0 for a vehicle that can set out. */
  readonly freeInS: number;
  /** The container to whose crane it is on its way. */
  readonly from?: string;
}

/** A begun container: its truck is at this crane, and it wants a vehicle there. */
export interface Begun {
  readonly missionId: string;
  readonly crane: YardStation;
  readonly wish: Pick<Coming, "grossKg" | "loadLengthM" | "promisedTo">;
}

/** A begun container whose vehicle is on its way to it, and could be sent elsewhere. */
export interface OnTheWay extends Begun {
  readonly vehicle: DispatchVehicle;
}

/** What one round pairs. */
export interface Pairing {
  /** Containers that may begin: as many cranes are given to vehicles for them. */
  readonly fresh: readonly Wanting[];
  /** Vehicles that can carry each of these, and where each may go; all other `idle` ones serve begun containers only. */
  readonly chosen: ReadonlySet<DispatchVehicle>;
  readonly idle: readonly DispatchVehicle[];
  readonly cranesOf: (vehicle: DispatchVehicle) => readonly YardStation[];
  readonly soon: readonly {
    readonly vehicle: DispatchVehicle;
    readonly crane: YardStation;
    readonly freeAtMs: number;
  }[];
  /** Begun containers that wait for a vehicle. */
  readonly begun: readonly Begun[];
  readonly onTheWay: readonly OnTheWay[];
  readonly freeCranes: readonly YardStation[];
  /** What it costs a vehicle on its way to be given no crane: its way to the nearest place; infinite when there is none. */
  readonly freedS: (vehicle: DispatchVehicle) => number;
}

export interface Paired {
  /** At cranes for containers that may begin. */
  readonly pairs: readonly Pair[];
  /** Begun containers and their vehicles. */
  readonly served: readonly (Pair & { readonly missionId: string; readonly cost: AssignmentCost })[];
  /** On their way to a container that is better served by another vehicle, and not needed elsewhere. */
  readonly freed: readonly OnTheWay[];
  /** Idle vehicles that are to have a container of which a vehicle on its way must be told first. */
  readonly next: readonly DispatchVehicle[];
}

/** What it costs not to use a crane at all: more than any way; more for who waits at it, and most for who is on its way to it already. */
const UNUSED_S = 1e7;
const UNSERVED_S = 1e8;
const LEFT_S = 1e9;

/**
 * Which vehicles go to which cranes, at the least cost together: of free cranes no more than there are containers that may begin, all cranes
 * at which a begun container waits, and those to which vehicles are on their way. So an optimum of before is changed where a vehicle that has
 * become free, or a new container, allows for a better one: along a chain of vehicles, each of which takes the crane of the next. Each
 * container whose vehicle is changed has to save `exchangeGainS`.
 *
 * Carried out is the end of each chain only: who goes to a crane that is nobody's, or to a place. The crane that it leaves is nobody's in
 * the round after that, in which the next one can go there. Who would swap cranes in a ring is at the end of no chain.
 */
export function pairUp(pairing: Pairing, round: Round): Paired {
  const table = tableOf(pairing, round);
  const { cranes, fixed, costs, columns } = table;
  const rows = cranes.length + fixed.length;
  if (rows === 0 || columns === 0) return NOTHING;
  const begunUntil = cranes.length + pairing.begun.length;
  const leftOut = new Float64Array(rows);
  leftOut.fill(UNUSED_S, 0, cranes.length);
  leftOut.fill(UNSERVED_S, cranes.length, begunUntil);
  leftOut.fill(LEFT_S, begunUntil);
  const columnOf = assignAtMost(pairing.fresh.length + fixed.length, costs, rows, columns, leftOut);
  return outcomeOf(columnOf, table, pairing, round);
}

/**
 * What each vehicle costs at each crane. Rows: cranes that are given to containers that may begin, then begun containers, then those whose
 * vehicle is on its way. Columns: vehicles that can set out, then those that are soon unloaded, then those on their way to a container.
 */
interface CostTable {
  readonly cranes: readonly YardStation[];
  readonly fixed: readonly Begun[];
  readonly columns: number;
  /** Row by row; infinite where it cannot be. */
  readonly costs: Float64Array;
}

function tableOf(pairing: Pairing, round: Round): CostTable {
  const { fresh, chosen, idle, cranesOf, soon, begun, onTheWay, freeCranes, freedS } = pairing;
  const { nowMs, rules, yard } = round.view;
  const { side } = yard;
  const cranes = [
    ...new Set([
      ...idle.flatMap((vehicle) => (chosen.has(vehicle) ? cranesOf(vehicle) : [])),
      ...soon.map(({ crane }) => crane),
      ...(fresh.length > 0 && onTheWay.length > 0 ? freeCranes : []),
    ]),
  ];
  const fixed: readonly Begun[] = [...begun, ...onTheWay];
  const columns = idle.length + soon.length + onTheWay.length;
  const costs = new Float64Array((cranes.length + fixed.length) * columns).fill(Number.POSITIVE_INFINITY);
  const rowOf = new Map(cranes.map((crane, i) => [crane, i]));
  const set = (row: number | undefined, column: number, costS: number): void => {
    if (row !== undefined) costs[row * columns + column] = costS;
  };
  const toFreeS = (vehicle: DispatchVehicle, crane: YardStation): number =>
    approachCostS(vehicle, { wayM: wayM(vehicle, crane, round), freeInS: 0, side }, rules).totalS;
  const toFixedS = (vehicle: DispatchVehicle, { crane, wish }: Begun): number =>
    costOf(vehicle, wish, { wayM: wayM(vehicle, crane, round), freeInS: 0, side }, rules).totalS;
  /** Of the i-th of `fixed`: one that waits for a vehicle gets one, one whose vehicle is on its way another one. */
  const changeS = (i: number): number => (i < begun.length ? 0 : rules.exchangeGainS);

  for (const [j, vehicle] of idle.entries()) {
    if (chosen.has(vehicle))
      for (const crane of cranesOf(vehicle)) set(rowOf.get(crane), j, toFreeS(vehicle, crane));
    for (const [i, each] of fixed.entries()) set(cranes.length + i, j, toFixedS(vehicle, each) + changeS(i));
  }
  for (const [k, { vehicle, crane, freeAtMs }] of soon.entries()) {
    const approach = { wayM: 0, freeInS: Math.max(0, freeAtMs - nowMs) / 1_000, side };
    set(rowOf.get(crane), idle.length + k, approachCostS(vehicle, approach, rules).totalS);
  }
  for (const [k, own] of onTheWay.entries()) {
    const { vehicle } = own;
    const column = idle.length + soon.length + k;
    // What it would drive with no crane at all is no cost of a crane.
    const placeS = freedS(vehicle);
    const savedS = Number.isFinite(placeS) ? placeS : NO_PLACE_S;
    if (fresh.every((mission) => fits(vehicle, mission)))
      for (const crane of freeCranes) set(rowOf.get(crane), column, toFreeS(vehicle, crane) - savedS);
    for (const [i, each] of fixed.entries()) {
      const wayS = toFixedS(vehicle, each);
      // It may be left where it is whatever is known of its way.
      const staysS = Number.isFinite(wayS) ? wayS : 0;
      set(cranes.length + i, column, (each === own ? staysS : wayS + changeS(i)) - savedS);
    }
  }
  return { cranes, fixed, columns, costs };
}

/** What follows from the column that each row was given. */
function outcomeOf(
  columnOf: ArrayLike<number>,
  { cranes, fixed }: CostTable,
  { idle, soon, begun, onTheWay }: Pairing,
  round: Round,
): Paired {
  const { nowMs, rules, yard } = round.view;
  const { side } = yard;
  const pairs: Pair[] = [];
  const served: Paired["served"][number][] = [];
  const next: DispatchVehicle[] = [];
  const stays = new Set<DispatchVehicle>();
  for (const [i, j] of Array.from(columnOf).entries()) {
    const late = soon[j - idle.length];
    const coming = onTheWay[j - idle.length - soon.length];
    const vehicle = coming?.vehicle ?? late?.vehicle ?? idle[j];
    if (vehicle === undefined) continue;
    if (coming !== undefined) stays.add(coming.vehicle);
    const of = coming === undefined ? {} : { from: coming.missionId };
    const crane = cranes[i];
    const each = fixed[i - cranes.length];
    if (crane !== undefined) {
      const freeInS = late === undefined ? 0 : Math.max(1, late.freeAtMs - nowMs) / 1_000;
      pairs.push({
        vehicle,
        crane,
        wayM: late === undefined ? wayM(vehicle, crane, round) : 0,
        freeInS,
        ...of,
      });
    } else if (each !== undefined && i - cranes.length < begun.length) {
      const approach = { wayM: wayM(vehicle, each.crane, round), freeInS: 0 };
      const cost = costOf(vehicle, each.wish, { ...approach, side }, rules);
      served.push({ missionId: each.missionId, vehicle, crane: each.crane, ...approach, cost, ...of });
    } else if (coming === undefined) next.push(vehicle);
  }
  return { pairs, served, next, freed: onTheWay.filter(({ vehicle }) => !stays.has(vehicle)) };
}

const NOTHING: Paired = { pairs: [], served: [], freed: [], next: [] };

/** Without a place to go to it is not left without a crane. */
const NO_PLACE_S = 1e6;

/** A vehicle on its way, to a place or to a crane, sets out from where it can turn. */
function wayM(vehicle: DispatchVehicle, { nodeId }: YardStation, round: Round): number {
  return round.wayM(vehicle.missionId === undefined ? setsOutFrom(vehicle) : vehicle.turnsAt, nodeId);
}
