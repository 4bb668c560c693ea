import { type Direction, otherSide, type Side } from "@baton/maps";
import type { TransportOrderRequest } from "@baton/orchestrator/contract";
import { type Random, seededRandom } from "../random/seeded.ts";
import type { Scenario, ScenarioVehicle } from "../scenario/scenario.ts";
import { warmContainerNo } from "../scenario/world.ts";
import { cargoOf } from "../world/cargo.ts";
import { channelOf } from "../world/customs-channel.ts";
import { drawContainerNo } from "../world/iso6346.ts";

/** What comes to a border when: every order of a scenario follows from its seed, its side and its number. */

/** Declared and true weight differ by no more than this part. */
const DECLARED_WITHIN = 0.01;
const PROVINCES_VN = ["12", "14", "15", "29", "30", "34", "98", "99"];
const PROVINCES_CN = ["桂A", "桂F", "粤B", "湘A"];

/** The direction of what leaves a side. */
function outboundOf(side: Side): Direction {
  return side === "vn" ? "export" : "import";
}

/** Orders drawn before, by side and number: they are asked for again as long as their trucks wait. Bound: MAX_KNOWN. */
const known = new WeakMap<Scenario, Map<string, TransportOrderRequest>>();
const MAX_KNOWN = 5_000;

/** The side's order of that number, counted from 1. */
export function orderOf(scenario: Scenario, side: Side, number: number): TransportOrderRequest {
  const orders = known.get(scenario) ?? new Map<string, TransportOrderRequest>();
  known.set(scenario, orders);
  const key = `${side}-${number}`;
  const before = orders.get(key);
  if (before !== undefined) return before;
  if (orders.size >= MAX_KNOWN) orders.clear();
  const order = drawOrder(scenario, side, number);
  orders.set(key, order);
  return order;
}

function drawOrder(scenario: Scenario, side: Side, number: number): TransportOrderRequest {
  const random = seededRandom(scenario.seed, "order", side, String(number));
  const orderId = `${orderPrefix(scenario, side)}${String(number).padStart(5, "0")}`;
  return orderFor(scenario, random, orderId, outboundOf(side), drawContainerNo(random));
}

/** The number of an order that `orderOf` made; undefined for any other. */
export function orderNumber(scenario: Scenario, side: Side, orderId: string): number | undefined {
  const prefix = orderPrefix(scenario, side);
  const digits = orderId.startsWith(prefix) ? orderId.slice(prefix.length) : "";
  return /^[0-9]{5,9}$/.test(digits) ? Number(digits) : undefined;
}

function orderPrefix(scenario: Scenario, side: Side): string {
  return `${scenario.scenarioId}.${side}-`;
}

/** The order of a container that is on its way when the world begins; undefined for an empty vehicle. */
export function warmOrderOf(scenario: Scenario, vehicle: ScenarioVehicle): TransportOrderRequest | undefined {
  const containerNo = warmContainerNo(scenario, vehicle);
  if (containerNo === undefined || vehicle.warm === undefined) return undefined;
  const random = seededRandom(scenario.seed, "warm-order", vehicle.serialNumber);
  const orderId = `${scenario.scenarioId}.warm-${vehicle.serialNumber}`;
  return orderFor(scenario, random, orderId, vehicle.warm.direction, containerNo);
}

function orderFor(
  scenario: Scenario,
  random: Random,
  orderId: string,
  direction: Direction,
  containerNo: string,
): TransportOrderRequest {
  const cargo = cargoOf(scenario.seed, containerNo);
  const from: Side = direction === "export" ? "vn" : otherSide("vn");
  const declared = cargo.grossKg * (1 + (random.next() - 0.5) * 2 * DECLARED_WITHIN);
  return {
    orderId,
    direction,
    containerNo,
    sizeType: cargo.sizeType,
    declaredGrossKg: Math.round(declared / 10) * 10,
    goodsSummary: cargo.goodsSummary,
    declarationNo: `${from === "vn" ? "10" : "72"}${String(random.integer(1e10)).padStart(10, "0")}`,
    channel: channelOf(scenario.seed, scenario.channels, containerNo),
    truckPlate: plateOf(random, from),
    sealNo: cargo.sealNo,
  };
}

function plateOf(random: Random, side: Side): string {
  const digits = String(random.integer(100_000)).padStart(5, "0");
  return side === "vn"
    ? `${random.pick(PROVINCES_VN)}C-${digits.slice(0, 3)}.${digits.slice(3)}`
    : `${random.pick(PROVINCES_CN)}·${digits}`;
}
