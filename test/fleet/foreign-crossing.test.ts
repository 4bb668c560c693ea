import { stationById } from "@baton/maps";
import { startBroker } from "@baton/sim";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { BROKERS, type TestBroker } from "./brokers.ts";
import { CARRIER, CARRIER_ID, ForeignCarrier } from "./foreign-carrier.ts";
import { openWholeSides, type WholeSides } from "./whole-sides.ts";

/**
 * A vehicle of somebody else's making in whole orchestrators: an order over the API, a container from the truck to the yard
 * beyond the border, its order cancelled and its connection lost on the way.
 */

const SPEED = 8;
const WAIT = { timeout: 100_000, interval: 100 };

let brokers: { readonly vn: TestBroker; readonly cn: TestBroker };
let sides: WholeSides;
let carrier: ForeignCarrier;

beforeAll(async () => {
  // Another broker a side, where this machine has another.
  const mosquitto = BROKERS.find(({ name }) => name === "mosquitto")?.start;
  brokers = {
    vn: await startBroker({ port: await freePort() }),
    cn: await (mosquitto ?? ((port) => startBroker({ port })))(await freePort()),
  };
  const brokerUrl = { vn: brokers.vn.url, cn: brokers.cn.url };
  sides = await openWholeSides({ brokerUrl, vendors: [CARRIER], speed: SPEED });
  const nodeId = stationById(sides.site, "vn.parking-1")?.nodeId;
  if (nodeId === undefined) throw new Error("vn.parking-1 has no node");
  const { site, clock } = sides;
  carrier = await ForeignCarrier.connect({ site, clock, brokerUrl, at: { side: "vn", nodeId } });
}, 120_000);

afterAll(async () => {
  await carrier?.stop();
  await sides?.stop();
  await brokers?.vn.stop();
  await brokers?.cn.stop();
});

/** What there is to know when it does not come as far. */
async function asItIs(): Promise<string> {
  const missions = [...(await sides.missions("vn")), ...(await sides.missions("cn"))];
  const alarms = [...(await sides.alarms("vn")), ...(await sides.alarms("cn"))];
  const { orderId, lastNodeId, nodeStates, actionStates, errors } = carrier.stateAt(
    carrier.register.authority,
  );
  return JSON.stringify({
    missions: missions.map(({ side, step, status, held }) => ({ side, step, status, held })),
    alarms: alarms.map(({ code, state, detail }) => `${code} ${state} ${detail}`),
    carrier: { orderId, lastNodeId, nodeStates, actionStates, errors },
  });
}

it("carries a container from a truck over the border, through a cancelled order and a lost connection", async () => {
  carrier.hesitates = true;
  const order = sides.order("vn", 1);
  expect((await sides.post("vn", "/transport-orders", order)).status).toBe(201);

  // It has its order to the crane and stands: a person has the order given up, and it is sent on from there.
  await vi.waitFor(() => expect(carrier.ahead).toBeDefined(), WAIT);
  const first = carrier.stateAt("vn").orderId;
  const vouch = () =>
    sides.post("vn", `/vehicles/${CARRIER_ID}/vouched`, {
      found: "stands-idle",
      reason: "its way was unclear",
    });
  const ask = (command: "stop-request" | "resume") =>
    sides.post("vn", `/vehicles/${CARRIER_ID}/${command}`, { reason: "its way was unclear" });
  expect((await vouch()).status, "it could set out").toBe(409);
  expect((await ask("stop-request")).status).toBe(202);
  await vi.waitFor(() => expect(carrier.obeyed).toEqual(["startPause"]), WAIT);
  await vi.waitFor(async () => expect((await vouch()).status).toBe(202), WAIT);
  expect(carrier.obeyed).toEqual(["startPause", "cancelOrder"]);
  expect((await ask("resume")).status).toBe(202);
  carrier.hesitates = false;
  // The way that it had is lost with its order; the mission is held until a person lets it go on.
  const missionOf = async () => (await sides.missions("vn")).find(({ orderId }) => orderId === order.orderId);
  await vi.waitFor(async () => expect(await missionOf()).toMatchObject({ status: "held" }), WAIT);
  const { missionId } = (await missionOf()) ?? {};
  const retry = { how: "retry", reason: "its way is clear again" };
  expect((await sides.post("vn", `/missions/${missionId}/resume`, retry)).status).toBe(204);
  await vi.waitFor(
    async () => expect(carrier.stateAt("vn").loads?.[0]?.loadId, await asItIs()).toBe(order.containerNo),
    WAIT,
  );
  expect(carrier.stateAt("vn").orderId).not.toBe(first);

  // Loaded and under way, it loses its broker for a moment.
  await vi.waitFor(() => expect(carrier.isDriving).toBe(true), WAIT);
  carrier.drop("vn");
  await vi.waitFor(async () => {
    const codes = (await sides.alarms("vn")).map(({ code }) => code);
    expect(codes).toContain("vehicle.connection-lost");
  }, WAIT);

  await vi.waitFor(
    async () => expect(carrier.register, await asItIs()).toMatchObject({ authority: "cn", epoch: 1 }),
    WAIT,
  );
  await vi.waitFor(async () => {
    const inbound = (await sides.missions("cn")).find(({ containerNo }) => containerNo === order.containerNo);
    expect(inbound, await asItIs()).toMatchObject({ status: "done", vehicleId: CARRIER_ID });
    expect(await missionOf(), await asItIs()).toMatchObject({ status: "done", vehicleId: CARRIER_ID });
  }, WAIT);
  expect(carrier.pose.xM).toBeGreaterThan(0);
  expect(carrier.stateAt("cn").loads).toEqual([]);
  await vi.waitFor(async () => {
    const standing = (await sides.alarms("vn")).filter(({ state }) => state !== "returned");
    expect(standing.map(({ code, detail }) => `${code} ${detail}`)).toEqual([]);
  }, WAIT);
}, 600_000);
