import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { mqttLinks } from "@baton/fleet-adapter";
import { startBroker } from "@baton/sim";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { emptyMemory } from "../../sim/src/partner/memory.ts";
import { roadOf } from "../../sim/src/partner/road.ts";
import { type EmulatorServer, startEmulator } from "../../sim/src/partner/server.ts";
import { silentLog } from "../../sim/src/process/log.ts";
import { processMemory } from "../../sim/src/process/memory.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { vehiclesOf } from "../../sim/src/scenario/world.ts";
import { type RunningFleet, startFleet } from "../../sim/src/vehicle/fleet.ts";
import { openWholeSides, type WholeSides } from "../fleet/whole-sides.ts";

/**
 * Viet Nam is Baton as it ships, with its missions, ground, gate and vehicles; China is the emulator, with a broker and roads
 * of its own and nothing of Baton. One vehicle goes over the line with a container, and comes back with it.
 */

const SPEED = 16;
const WAIT = { timeout: 200_000, interval: 400 };
const VEHICLE = "sim.vn-01";

let brokers: Record<"vn" | "cn", Awaited<ReturnType<typeof startBroker>>>;
let sides: WholeSides;
let fleet: RunningFleet;
let partner: EmulatorServer;
const partnerKnows = emptyMemory();
let bringPartner: () => Promise<EmulatorServer>;

beforeAll(async () => {
  brokers = {
    vn: await startBroker({ port: await freePort() }),
    cn: await startBroker({ port: await freePort() }),
  };
  const brokerUrl = { vn: brokers.vn.url, cn: brokers.cn.url };
  sides = await openWholeSides({ brokerUrl, vendors: [], without: ["cn"], speed: SPEED });
  const { scenario, site } = await loadScenario("first-look", [
    {
      path: "fleet",
      value: [
        { serialNumber: "vn-01", home: "vn", at: { side: "vn", stationId: "vn.parking-1" }, batteryPct: 90 },
      ],
    },
  ]);
  const { clock, httpUrl, identities } = sides;
  fleet = startFleet({
    vehicles: vehiclesOf(scenario, site, clock.nowMs()),
    openLink: { vn: mqttLinks({ url: brokerUrl.vn }), cn: mqttLinks({ url: brokerUrl.cn }) },
    clock,
    memory: processMemory(),
    log: silentLog,
  });
  const { d, x, kty, crv, kid } = JSON.parse(await readFile(identities.cn.signingKeyFile, "utf8"));
  bringPartner = () =>
    startEmulator({
      side: "cn",
      key: { kid, privateKey: createPrivateKey({ key: { d, x, kty, crv }, format: "jwk" }) },
      publicJwk: { kid, kty, crv, x },
      peerUrl: () => httpUrl.vn,
      port: Number(new URL(httpUrl.cn).port),
      nowMs: () => clock.nowMs(),
      memory: partnerKnows,
      fleet: { openSession: mqttLinks({ url: brokerUrl.cn }), road: roadOf(site, "cn") },
    });
  partner = await bringPartner();
}, 120_000);

afterAll(async () => {
  await partner?.stop();
  await fleet?.stop();
  await sides?.stop();
  await brokers?.vn.stop();
  await brokers?.cn.stop();
});

/** What there is to know when it does not come as far. */
async function asItIs(): Promise<string> {
  const missions = await sides.missions("vn");
  const alarms = await sides.alarms("vn");
  const vehicle = fleet.vehicle(VEHICLE);
  return JSON.stringify({
    missions: missions.map(({ missionId, step, status, held }) => ({ missionId, step, status, held })),
    alarms: alarms.map(({ code, state, detail }) => `${code} ${state} ${detail}`),
    handoffs: [...partner.emulator.handoffs.values()].map(({ handoffId, phase }) => `${handoffId} ${phase}`),
    refusals: partner.refusals,
    vehicle: { register: vehicle?.register, last: vehicle?.lastNode, refusals: vehicle?.refusals },
  });
}

it("hands a vehicle with its container to a partner that is not Baton, which drives it away and gives it back", async () => {
  const order = sides.order("vn", 1);
  expect((await sides.post("vn", "/transport-orders", order)).status).toBe(201);
  const missionOf = async (bound: "outbound" | "inbound") =>
    (await sides.missions("vn")).find((one) => one.bound === bound && one.containerNo === order.containerNo);

  await vi.waitFor(
    async () =>
      expect(fleet.vehicle(VEHICLE)?.register, await asItIs()).toMatchObject({ authority: "cn", epoch: 1 }),
    WAIT,
  );
  // Its process ends with the vehicle in its hands; the next one finds it at the line and drives it off.
  await partner.stop();
  partner = await bringPartner();
  await vi.waitFor(
    async () => expect(await missionOf("outbound"), await asItIs()).toMatchObject({ status: "done" }),
    WAIT,
  );
  // The giver is done when it has signed; its signature is a message of its own.
  const came = await vi.waitFor(() => {
    const [handoff] = [...partner.emulator.handoffs.values()];
    expect(handoff).toMatchObject({ role: "taker", phase: "concluded", epoch: 1 });
    return handoff;
  }, WAIT);
  expect(fleet.vehicle(VEHICLE)?.pose.xM).toBeGreaterThan(0);

  const back = partner.giveBack(came?.handoffId ?? "", "sent-back-1");
  expect(back).toMatchObject({ direction: "import", vehicleId: VEHICLE, vehicleHome: "vn" });
  await vi.waitFor(
    async () => expect(await missionOf("inbound"), await asItIs()).toMatchObject({ status: "done" }),
    WAIT,
  );
  expect(partner.emulator.handoffs.get("sent-back-1")).toMatchObject({
    role: "giver",
    phase: "concluded",
    epoch: 2,
  });
  const vehicle = fleet.vehicle(VEHICLE);
  expect(vehicle).toMatchObject({ register: { authority: "vn", epoch: 2 }, loadIds: [] });
  expect(vehicle?.pose.xM).toBeLessThan(-100);

  const records = await sides.custody("vn");
  expect(records.map(({ handoffId }) => handoffId)).toEqual([came?.handoffId, "sent-back-1"]);
  expect(records.map(({ jws }) => jws)).toEqual(partnerKnows.ledger);
  await vi.waitFor(async () => {
    const standing = (await sides.alarms("vn")).filter(({ state }) => state !== "returned");
    expect(standing.map(({ code, detail }) => `${code} ${detail}`)).toEqual([]);
  }, WAIT);
  expect(partner.refusals).toEqual([]);
}, 600_000);
