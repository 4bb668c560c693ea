import type { Clock, OpenLink, Timers } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { TransportOrderRequest } from "@baton/orchestrator/contract";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { Log } from "../process/log.ts";
import type { Memory } from "../process/memory.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { vehicleIdOf } from "../scenario/world.ts";
import { cargoOf } from "../world/cargo.ts";
import { type WorldTruck, worldTopic } from "../world/channel.ts";
import type { AdoptRequest, ApiClient } from "./api-client.ts";
import { afterAnswer, backOffMs, type Demand, freshDemand, orderDue, trucksWaiting } from "./demand.ts";
import { warmOrderOf } from "./orders.ts";

export interface SideDemandOptions {
  readonly scenario: Scenario;
  readonly side: Side;
  readonly api: ApiClient;
  /** To the broker of that side. */
  readonly openLink: OpenLink;
  readonly clock: Clock & Timers;
  readonly memory: Memory;
  readonly log: Log;
}

/** How often a side is looked at, in the world's time. */
const LOOK_MS = 2_000;
/** Demand does not wait longer than this for containers on their way to be adopted. */
const ADOPT_FIRST_MS = 60_000;

const DemandMemory = Type.Object({
  memoryVersion: Type.Literal(1),
  nextNumber: Type.Integer({ minimum: 1 }),
  adopted: Type.Array(Type.String()),
  lastArrival: Type.Optional(Type.Object({ atMs: Type.Number(), number: Type.Integer() })),
});
type DemandMemory = Static<typeof DemandMemory>;
const memoryCheck = Compile(DemandMemory);

/** Customers of one side: containers that are on their way already are adopted first, then orders come in for ever. */
export function startSideDemand(options: SideDemandOptions): { stop(): Promise<void> } {
  const { scenario, side, api, clock, memory, log } = options;
  const memoryName = `demand-${side}`;
  const kept = recallDemand(memory.load(memoryName));
  const adopted = new Set(kept.adopted);
  const announced = new Map<string, WorldTruck>();
  const startedAtMs = clock.nowMs();
  let demand: Demand = {
    ...freshDemand,
    nextNumber: kept.nextNumber,
    lastArrival: kept.lastArrival ?? { atMs: startedAtMs, number: 0 },
  };
  const warm = warmRequests(scenario, side);
  let looking = false;
  let adoptAtMs = 0;
  let adoptFailures = 0;

  const link = options.openLink({
    clientId: `demand-world-${side}`,
    subscriptions: [],
    onOpen: () => {
      for (const truck of announced.values()) announce(truck);
    },
    onMessage: () => undefined,
    onTrouble: (detail) => log.debug({ side, detail }, "broker away"),
  });

  const endLooks = clock.every(LOOK_MS, () => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => log.error({ side, error: String(error) }, "looking at the side failed"))
      .finally(() => {
        looking = false;
      });
  });
  return {
    stop: async () => {
      endLooks();
      await link.end();
    },
  };

  async function look(): Promise<void> {
    await adoptWarm();
    const isWarm = warm.every((request) => adopted.has(request.order.orderId));
    const seen = await api.missions();
    if (seen.kind !== "ok") return log.debug({ side, detail: seen.detail }, "no missions to be had");
    showTrucks(trucksWaiting(scenario, side, seen.value));
    if (!isWarm && clock.nowMs() - startedAtMs < ADOPT_FIRST_MS) return;
    const order = orderDue(demand, scenario, side, seen.value, clock.nowMs());
    if (order === undefined) return;
    const answer = await api.placeOrder(order);
    if (answer.kind === "ok") log.info({ side, orderId: order.orderId, ...answer.value }, "order placed");
    else log.warn({ side, orderId: order.orderId, ...answer }, "order not placed");
    demand = afterAnswer(demand, scenario, side, answer, clock.nowMs());
    keep();
  }

  /** Vehicles have to be known to the side before their missions can be: until then it refuses, and is asked again. */
  async function adoptWarm(): Promise<void> {
    if (clock.nowMs() < adoptAtMs) return;
    let missing = 0;
    for (const request of warm) {
      const { orderId } = request.order;
      if (adopted.has(orderId)) continue;
      const answer = await api.adopt(request);
      if (answer.kind === "ok") {
        log.info({ side, orderId, vehicleId: request.vehicleId, ...answer.value }, "adopted");
        adopted.add(orderId);
        keep();
      } else {
        missing += 1;
        log.debug({ side, orderId, ...answer }, "not adopted yet");
      }
    }
    adoptFailures = missing === 0 ? 0 : adoptFailures + 1;
    if (missing > 0) adoptAtMs = clock.nowMs() + backOffMs(adoptFailures);
    if (missing > 0 && adoptFailures % 5 === 0) log.warn({ side, missing }, "containers not adopted yet");
  }

  function showTrucks(waiting: readonly TransportOrderRequest[]): void {
    const plates = new Set(waiting.map((order) => order.truckPlate));
    for (const plate of announced.keys()) {
      if (plates.has(plate)) continue;
      announced.delete(plate);
      link.publish(worldTopic(side, "truck", plate), "", { qos: 1, retain: true });
    }
    for (const order of waiting) {
      if (announced.has(order.truckPlate)) continue;
      const truck = truckOf(scenario, order, clock.nowMs());
      announced.set(truck.plate, truck);
      announce(truck);
    }
  }

  function announce(truck: WorldTruck): void {
    link.publish(worldTopic(side, "truck", truck.plate), truck, { qos: 1, retain: true });
  }

  function keep(): void {
    const { nextNumber, lastArrival } = demand;
    const kept: DemandMemory = {
      memoryVersion: 1,
      nextNumber,
      adopted: [...adopted],
      ...(lastArrival === undefined ? {} : { lastArrival }),
    };
    memory.save(memoryName, () => JSON.stringify(kept));
  }
}

function warmRequests(scenario: Scenario, side: Side): readonly AdoptRequest[] {
  return scenario.fleet.flatMap((vehicle) => {
    const order = warmOrderOf(scenario, vehicle);
    if (order === undefined || vehicle.warm === undefined || vehicle.at.side !== side) return [];
    const { step } = vehicle.warm;
    return [{ order, vehicleId: vehicleIdOf(vehicle), atStationId: vehicle.at.stationId, step }];
  });
}

function truckOf(
  scenario: Scenario,
  order: { readonly truckPlate: string; readonly containerNo: string },
  atMs: number,
): WorldTruck {
  const { grossKg } = cargoOf(scenario.seed, order.containerNo);
  return { plate: order.truckPlate, containerNo: order.containerNo, grossKg, atMs };
}

const NOTHING_KEPT: DemandMemory = { memoryVersion: 1, nextNumber: 1, adopted: [] };

function recallDemand(text: string | undefined): DemandMemory {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return memoryCheck.Check(value) ? value : NOTHING_KEPT;
  } catch {
    return NOTHING_KEPT;
  }
}
