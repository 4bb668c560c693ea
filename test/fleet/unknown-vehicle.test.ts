import { mqttLinks } from "@baton/fleet-adapter";
import type { State } from "@baton/fleet-adapter/vda5050";
import { nodePoseInMap, stationById } from "@baton/maps";
import { startBroker } from "@baton/sim";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import type { TestBroker } from "./brokers.ts";
import { openWholeSides, type WholeSides } from "./whole-sides.ts";

/** A vehicle that nobody expects, on the broker of a whole side. How its ground is found: `watch/stray-ground.test.ts`. */

const WAIT = { timeout: 60_000, interval: 500 };
const SPEED = 8;

let broker: TestBroker;
let sides: WholeSides;

beforeAll(async () => {
  broker = await startBroker({ port: await freePort() });
  const brokerUrl = { vn: broker.url, cn: broker.url };
  sides = await openWholeSides({ brokerUrl, vendors: [], without: ["cn"], speed: SPEED });
}, 120_000);

afterAll(async () => {
  await sides?.stop();
  await broker?.stop();
});

it("has the ground past it closed and an alarm raised, until a person opens it, with a reason that is kept", async () => {
  const nodeId = stationById(sides.site, "vn.parking-1")?.nodeId ?? "";
  const pose = nodePoseInMap(sides.site, "vn", nodeId);
  let headerId = 0;
  const state = (): State => ({
    headerId: headerId++,
    timestamp: new Date(sides.clock.nowMs()).toISOString(),
    version: "2.1.0",
    manufacturer: "acme",
    serialNumber: "stranger",
    orderId: "",
    orderUpdateId: 0,
    lastNodeId: nodeId,
    lastNodeSequenceId: 0,
    driving: false,
    operatingMode: "AUTOMATIC",
    nodeStates: [],
    edgeStates: [],
    agvPosition: {
      x: pose?.xM ?? 0,
      y: pose?.yM ?? 0,
      theta: pose?.headingRad ?? 0,
      mapId: sides.site.file.sides.vn.mapId,
      positionInitialized: true,
    },
    actionStates: [],
    batteryState: { batteryCharge: 80, charging: false },
    errors: [],
    safetyState: { eStop: "NONE", fieldViolation: false },
  });
  const orders: string[] = [];
  const link = mqttLinks({ url: broker.url })({
    clientId: "stranger",
    subscriptions: ["uagv/v2/acme/stranger/order"],
    onOpen: () => undefined,
    onMessage: (topic) => void orders.push(topic),
    onTrouble: () => undefined,
  });
  const report = (): void => link.publish("uagv/v2/acme/stranger/state", state());
  const standing = async () =>
    (await sides.alarms("vn")).filter(({ code, state: is }) => code === "vehicle.stray" && is !== "returned");

  await vi.waitFor(async () => {
    report();
    expect(await standing()).toMatchObject([{ vehicleId: "acme.stranger", priority: "critical" }]);
    expect(await sides.closures("vn")).toHaveLength(1);
  }, WAIT);
  const [closure] = await sides.closures("vn");
  const edges = sides.site.lif.vn.layouts.flatMap((layout) => layout.edges);
  const past = edges.filter(({ startNodeId, endNodeId }) => [startNodeId, endNodeId].includes(nodeId));
  expect(closure?.edgeIds).toEqual(expect.arrayContaining(past.map(({ edgeId }) => edgeId)));

  const path = `/closures/${encodeURIComponent(closure?.closureId ?? "")}`;
  expect((await sides.remove("vn", path)).status, "without a reason").toBe(400);
  expect((await sides.remove("vn", `${path}?reason=taken+away`)).status).toBe(202);
  await vi.waitFor(async () => {
    expect(await sides.closures("vn")).toEqual([]);
    expect(await standing()).toEqual([]);
  }, WAIT);
  const audit = await fetch(`${sides.httpUrl.vn}/api/v1/audit?act=ground:open`, {
    headers: { authorization: `Bearer ${sides.identities.vn.tokens.supervisor}` },
  });
  expect(await audit.json()).toMatchObject([
    { account: "vn-engineer", subject: closure?.closureId, reason: "taken away" },
  ]);
  // A person has looked: the same report closes nothing again, and it is told nothing.
  report();
  // What it says next has been heard, so the report has; and what was asked of the ground after that is so.
  link.publish("uagv/v2/acme/stranger/state", { headerId: "one" });
  await vi.waitFor(async () => {
    const codes = (await sides.alarms("vn")).map(({ code }) => code);
    expect(codes).toContain("fleet.invalid-message");
  }, WAIT);
  const marker = {
    closureId: "marker",
    edgeIds: closure?.edgeIds,
    reason: "to see what is closed before it",
  };
  expect((await sides.post("vn", "/closures", marker)).status).toBe(202);
  await vi.waitFor(async () => expect(await sides.closures("vn")).not.toEqual([]), WAIT);
  expect((await sides.closures("vn")).map(({ closureId }) => closureId)).toEqual(["marker"]);
  expect(orders).toEqual([]);
  await link.end();
}, 240_000);
