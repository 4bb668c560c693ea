import { createServer, type Server } from "node:http";
import { type ManualClock, manualClock, mqttLinks } from "@baton/fleet-adapter";
import type { TransportOrderRequest } from "@baton/orchestrator/contract";
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Broker, startBroker } from "../broker/broker.ts";
import { silentLog } from "../process/log.ts";
import { type Memory, processMemory } from "../process/memory.ts";
import { loadScenario } from "../scenario/load.ts";
import { type AdoptRequest, apiClient, type SeenMission } from "./api-client.ts";
import { orderOf } from "./orders.ts";
import { startSideDemand } from "./side-demand.ts";

/** A side's API as far as its customers see it, answering as told. */
interface Side {
  readonly server: Server;
  readonly url: string;
  missions: SeenMission[];
  readonly adopted: AdoptRequest[];
  readonly placed: TransportOrderRequest[];
  refusal: { readonly status: number; readonly code: string } | undefined;
}

async function startSide(): Promise<Side> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = (status: number, body: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
      if (request.headers.authorization !== "Bearer secret") return answer(401, {});
      if (request.method === "GET") return answer(200, side.missions);
      if (side.refusal !== undefined)
        return answer(side.refusal.status, { ...side.refusal, detail: "not now" });
      const body = JSON.parse(Buffer.concat(chunks).toString());
      if (request.url?.endsWith("/adopt") === true) side.adopted.push(body);
      else side.placed.push(body);
      return answer(201, { missionId: "m", existed: false });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const url = `http://127.0.0.1:${address.port}`;
  const side: Side = { server, url, missions: [], adopted: [], placed: [], refusal: undefined };
  return side;
}

let clock: ManualClock;
let side: Side;
let broker: Broker;
let ear: MqttClient;
let trucks: Map<string, string>;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  clock = manualClock(1_000_000);
  side = await startSide();
  broker = await startBroker({ port: 0 });
  ear = await connectAsync(broker.url);
  trucks = new Map();
  ear.on("message", (topic, payload) =>
    trucks.set(decodeURIComponent(topic.split("/").at(-1) ?? ""), payload.toString()),
  );
  await ear.subscribeAsync("baton-sim/v1/vn/world/truck/+", { qos: 1 });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((demand) => demand.stop()));
  await ear.endAsync();
  await broker.stop();
  side.server.closeAllConnections();
  await new Promise((resolve) => side.server.close(resolve));
});

async function start(memory: Memory = processMemory()) {
  const { scenario } = await loadScenario("first-look");
  const api = apiClient(side.url, "secret");
  running.push(
    startSideDemand({
      scenario,
      side: "vn",
      api,
      openLink: mqttLinks({ url: broker.url }),
      clock,
      memory,
      log: silentLog,
    }),
  );
  return scenario;
}

const until = (isSo: () => unknown): Promise<unknown> =>
  vi.waitFor(
    () => {
      clock.advance(1_000);
      expect(isSo()).toBeTruthy();
    },
    { interval: 5, timeout: 15_000 },
  );

describe("the customers of a side", () => {
  it("have containers on their way adopted before they place orders, however often they are refused first", async () => {
    side.refusal = { status: 422, code: "adopt.refused" };
    const scenario = await start();
    const warm = scenario.fleet.filter((vehicle) => vehicle.at.side === "vn" && vehicle.warm !== undefined);
    const startMs = clock.nowMs();
    await until(() => clock.nowMs() - startMs > 20_000);
    expect(side.placed).toEqual([]);
    side.refusal = undefined;
    await until(() => side.placed.length > 0);
    expect(side.adopted).toHaveLength(warm.length);
    expect(new Set(side.adopted.map((request) => request.atStationId))).toEqual(
      new Set(warm.map((vehicle) => vehicle.at.stationId)),
    );
    expect(side.placed[0]).toEqual(orderOf(scenario, "vn", 1));
  });

  it("send the truck to the gate, and take it away when it was admitted", async () => {
    const scenario = await start();
    const { orderId, truckPlate, containerNo } = orderOf(scenario, "vn", 1);
    await until(() => side.placed.length > 0);
    side.missions = [{ orderId, bound: "outbound", status: "running", step: "admit-truck" }];
    await until(() => trucks.get(truckPlate));
    expect(JSON.parse(trucks.get(truckPlate) ?? "")).toMatchObject({ plate: truckPlate, containerNo });
    side.missions = [{ orderId, bound: "outbound", status: "running", step: "assign-vehicle" }];
    await until(() => trucks.get(truckPlate) === "");
  });

  it("go on counting, and adopt nothing twice, when their process is started again", async () => {
    const memory = processMemory();
    const scenario = await start(memory);
    await until(() => side.placed.length === 2);
    // The side has the order before its customers know that it was taken.
    const kept = (): unknown => JSON.parse(memory.load("demand-vn") ?? "{}");
    await vi.waitFor(() => expect(kept()).toMatchObject({ nextNumber: 3 }), { timeout: 15_000 });
    await running.pop()?.stop();
    const adopted = side.adopted.length;
    const placed = side.placed.length;
    await start(memory);
    await until(() => side.placed.length > placed);
    expect(side.adopted).toHaveLength(adopted);
    expect(side.placed.map((order) => order.orderId)).toEqual(
      side.placed.map((_, index) => orderOf(scenario, "vn", index + 1).orderId),
    );
  });
});

describe("the API's answers", () => {
  it("are told apart: refused for good, or worth another try", async () => {
    const { scenario } = await loadScenario("first-look");
    const order = orderOf(scenario, "vn", 1);
    const api = apiClient(side.url, "secret");
    side.refusal = { status: 422, code: "order.refused" };
    expect(await api.placeOrder(order)).toMatchObject({
      kind: "refused",
      status: 422,
      code: "order.refused",
    });
    for (const status of [429, 503]) {
      side.refusal = { status, code: "later" };
      expect((await api.placeOrder(order)).kind).toBe("away");
    }
    expect(await apiClient(side.url, "wrong").placeOrder(order)).toMatchObject({
      kind: "refused",
      status: 401,
    });
    expect((await apiClient("http://127.0.0.1:9", "secret").placeOrder(order)).kind).toBe("away");
  });
});
