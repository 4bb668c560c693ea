import type { Side } from "@baton/maps";
import type { Step, TransportOrderRequest } from "@baton/orchestrator/contract";
import type { Scenario } from "../scenario/scenario.ts";
import { serviceTimeMs } from "../world/service-time.ts";
import type { Answer, Placed, SeenMission } from "./api-client.ts";
import { type Arrival, arrivals } from "./arrivals.ts";
import { orderNumber, orderOf } from "./orders.ts";

/** The state of one side's demand. Plain data. */
export interface Demand {
  /** Number of the next order. */
  readonly nextNumber: number;
  /** When the next order may be placed. */
  readonly dueAtMs: number;
  /** Refused or failed tries in a row, for backing off. */
  readonly failures: number;
  /** Where demand comes as arrivals: the last one that was dealt with. Orders begin with the next one. */
  readonly lastArrival?: Arrival | undefined;
}

export const freshDemand: Demand = { nextNumber: 1, dueAtMs: 0, failures: 0 };

const MAX_BACK_OFF_MS = 30_000;

/** The order to place now; undefined when enough are open, or it is too early. */
export function orderDue(
  demand: Demand,
  scenario: Scenario,
  side: Side,
  missions: readonly SeenMission[],
  nowMs: number,
): TransportOrderRequest | undefined {
  if (nowMs < demand.dueAtMs) return undefined;
  if (scenario.demand.kind === "arrivals") {
    const next = nextArrival(demand, scenario, side, nowMs);
    return next === undefined ? undefined : orderOf(scenario, side, next.number);
  }
  const { openOrders } = scenario.demand[side];
  const open = missions.filter((mission) => mission.bound === "outbound" && isOpen(mission)).length;
  return open < openOrders ? orderOf(scenario, side, demand.nextNumber) : undefined;
}

/** The first arrival up to now that comes after the last one that was dealt with. */
function nextArrival(demand: Demand, scenario: Scenario, side: Side, nowMs: number): Arrival | undefined {
  const { lastArrival } = demand;
  if (lastArrival === undefined) return undefined;
  return arrivals(scenario, side, lastArrival.atMs, nowMs + 1).find(
    ({ atMs, number }) => atMs > lastArrival.atMs || number > lastArrival.number,
  );
}

function isOpen(mission: SeenMission): boolean {
  return mission.status === "running" || mission.status === "held";
}

/**
 * What an answer changes. An order that was placed, known or refused for good is over; one that nobody answered is tried
 * again under the same number, later each time.
 */
export function afterAnswer(
  demand: Demand,
  scenario: Scenario,
  side: Side,
  answer: Answer<Placed>,
  nowMs: number,
): Demand {
  if (scenario.demand.kind === "arrivals") return afterArrival(demand, scenario, side, answer, nowMs);
  const next = demand.nextNumber + 1;
  const number = String(demand.nextNumber);
  const intervalMs = serviceTimeMs(scenario.demand[side].interval, scenario.seed, "arrival", side, number);
  switch (answer.kind) {
    case "ok":
      // One that the side knew already is from an earlier life of this process.
      return { nextNumber: next, dueAtMs: answer.value.existed ? nowMs : nowMs + intervalMs, failures: 0 };
    case "refused": {
      const failures = demand.failures + 1;
      const isAccount = answer.status === 401 || answer.status === 403;
      return {
        nextNumber: isAccount ? demand.nextNumber : next,
        dueAtMs: nowMs + backOffMs(failures),
        failures,
      };
    }
    case "away": {
      const failures = demand.failures + 1;
      return { ...demand, dueAtMs: nowMs + backOffMs(failures), failures };
    }
    default:
      return answer satisfies never;
  }
}

/** The same where orders come as arrivals: whoever is dealt with is the last arrival, and the next may follow at once. */
function afterArrival(
  demand: Demand,
  scenario: Scenario,
  side: Side,
  answer: Answer<Placed>,
  nowMs: number,
): Demand {
  const failures = answer.kind === "ok" ? 0 : demand.failures + 1;
  const dueAtMs = answer.kind === "ok" ? nowMs : nowMs + backOffMs(failures);
  const isAccount = answer.kind === "refused" && (answer.status === 401 || answer.status === 403);
  const isOver = answer.kind !== "away" && !isAccount;
  const lastArrival = isOver ? nextArrival(demand, scenario, side, nowMs) : undefined;
  return { ...demand, dueAtMs, failures, lastArrival: lastArrival ?? demand.lastArrival };
}

export function backOffMs(failures: number): number {
  return Math.min(MAX_BACK_OFF_MS, 1_000 * 2 ** Math.min(failures - 1, 10));
}

const BEFORE_ADMITTED: readonly Step[] = ["register-order", "admit-truck"];

/** Orders whose trucks wait at the gate: ours that are not past it. */
export function trucksWaiting(
  scenario: Scenario,
  side: Side,
  missions: readonly SeenMission[],
): readonly TransportOrderRequest[] {
  const waiting: TransportOrderRequest[] = [];
  for (const mission of missions) {
    // Few are so early: whose order it is, is asked of those only.
    if (!BEFORE_ADMITTED.includes(mission.step) || !isOpen(mission)) continue;
    const number = orderNumber(scenario, side, mission.orderId);
    if (number !== undefined) waiting.push(orderOf(scenario, side, number));
  }
  return waiting;
}
