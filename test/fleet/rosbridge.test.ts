import { createRos2Adapter, memoryGraph, rosbridge, type VehicleId, wallClock } from "@baton/fleet-adapter";
import { afterEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../sim/src/process/log.ts";
import { processMemory } from "../../sim/src/process/memory.ts";
import { type RosbridgeServer, startRosbridge } from "../../sim/src/ros/rosbridge-server.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { vehiclesOf } from "../../sim/src/scenario/world.ts";
import { RosVehicleRunner } from "../../sim/src/vehicle/ros/ros-runner.ts";

/** roslib, as fleet control uses it, against the simulated world's rosbridge: text over a socket. */

const clock = wallClock({ speed: 1 });
const PATIENCE = { timeout: 20_000, interval: 20 };
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function world() {
  const { scenario, site } = await loadScenario("first-look");
  const graphs = {
    vn: memoryGraph({ timers: clock, random: { next: () => 0.5 } }),
    cn: memoryGraph({ timers: clock, random: { next: () => 0.5 } }),
  };
  const [first] = vehiclesOf(scenario, site, clock.nowMs());
  if (first === undefined) throw new Error("the scenario has no vehicle");
  const runner = new RosVehicleRunner({
    ...first,
    graphs,
    memory: processMemory(),
    log: silentLog,
    nowMs: () => clock.nowMs(),
    show: () => undefined,
  });
  stops.push(() => runner.stop());
  stops.push(clock.every(100, () => runner.tick(clock.nowMs())));
  const side = first.fresh.register.authority;
  const open = (port: number): Promise<RosbridgeServer> =>
    startRosbridge({ graph: graphs[side], port, log: silentLog });
  const server = await open(0);
  const adapter = createRos2Adapter({
    openRos: rosbridge({ url: server.url }),
    side,
    site,
    clock,
    timers: clock,
    log: silentLog,
  });
  stops.push(() => adapter.stop());
  await adapter.start();
  const vehicleId = first.model.vehicleId as VehicleId;
  return { adapter, server, open, vehicleId, runner };
}

describe("a fleet control over rosbridge", () => {
  it("finds a vehicle, stops it, and goes on when rosbridge was away", async () => {
    const { adapter, server, open, vehicleId, runner } = await world();
    await vi.waitFor(() => expect(adapter.vehicles().get(vehicleId)?.state?.pose).toBeDefined(), PATIENCE);
    adapter.instruct(vehicleId, { kind: "pause", actionId: "stop-1" as never });
    await vi.waitFor(() => expect(runner.vehicle.pausedBy).toHaveLength(1), PATIENCE);
    await vi.waitFor(
      () => expect(adapter.vehicles().get(vehicleId)?.state?.pausedBy).toHaveLength(1),
      PATIENCE,
    );
    const port = Number(new URL(server.url).port);
    await server.stop();
    adapter.instruct(vehicleId, { kind: "resume", actionId: "go-1" as never });
    expect(runner.vehicle.pausedBy).toHaveLength(1);
    const again = await open(port);
    stops.push(() => again.stop());
    await vi.waitFor(() => expect(runner.vehicle.pausedBy).toHaveLength(0), PATIENCE);
    expect(adapter.invalidMessages()).toBe(0);
  });
});
