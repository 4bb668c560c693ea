import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import { parkedSides } from "./testing/deliveries.ts";
import { order, type TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

describe("a fleet after a restart", () => {
  const nodeAt = (stationId: string) =>
    yardOfSite(sides.site, "vn").stations.find((station) => station.stationId === stationId)?.nodeId;
  const legsTo = (nodeId: string | undefined): readonly string[] =>
    [...sides.world.legs.vn.values()].flatMap(({ request }) =>
      request.toNodeId === nodeId ? [request.vehicleId] : [],
    );
  const missing = "sim.vn-02" as VehicleId;
  const wayStands = () => sides.world.legs.vn.size;
  const pass = (seconds: number) => sides.run(() => false, { maxSeconds: seconds });

  /** Both vehicles were admitted, the side went down, and one of them is not connected when it comes back. */
  async function comeBackWithout(vehicleId: VehicleId): Promise<void> {
    sides.world.park("sim.vn-02", "vn", "vn.parking-2");
    await sides.startBoth();
    await pass(10);
    expect([...sides.world.admitted.vn.keys()].sort()).toEqual(["sim.vn-01", "sim.vn-02"]);
    sides.kill("vn");
    sides.world.mute.add(vehicleId);
    await sides.start("vn");
  }

  it("is sent nowhere until each vehicle that the ledger knows was heard, and says whom it waits for", async () => {
    await comeBackWithout(missing);
    await sides.control("vn").place(order(1, "vn"));
    const before = wayStands();
    await pass(20);
    expect(wayStands()).toBe(before);
    expect([...sides.control("vn").reasons().missions.values()]).toEqual([
      { code: "fleet-unheard", facts: { count: 1, vehicleIds: missing } },
    ]);
    sides.world.mute.delete(missing);
    await pass(20);
    expect(wayStands()).toBeGreaterThan(before);
    expect(sides.world.standing("vn")).toEqual([]);
  });

  it("is led on without a vehicle that stays away, which has an alarm, and whose place nobody is given", async () => {
    await comeBackWithout(missing);
    // The only one that could be sent is to be elsewhere when it has unloaded: every other place to wait is taken.
    const { stations } = yardOfSite(sides.site, "vn");
    const placesToWait = stations.filter(({ kind }) => kind === "parking" || kind === "charger");
    await sides.control("vn").place(order(1, "vn"));
    await sides.control("cn").place(order(2, "cn"));
    expect(await sides.run(() => sides.allDone(4), { maxSeconds: 7_200 }), sides.statuses().join("\n")).toBe(
      true,
    );
    await pass(60);
    expect(placesToWait.length).toBeGreaterThan(1);
    expect(sides.world.standing("vn")).toMatchObject([{ code: "vehicle.unheard", vehicleId: missing }]);
    expect(legsTo(nodeAt("vn.parking-2"))).toEqual([]);
    expect(sides.control("vn").reasons().vehicles.get(missing)).toEqual({ code: "unheard" });
    sides.world.mute.delete(missing);
    await pass(5);
    expect(sides.world.standing("vn")).toEqual([]);
  });

  it("does without a vehicle that a person has vouched away", async () => {
    await comeBackWithout(missing);
    sides.world.admitted.vn.delete(missing);
    await sides.control("vn").place(order(1, "vn"));
    const before = wayStands();
    await pass(10);
    expect(wayStands()).toBeGreaterThan(before);
    expect(sides.world.standing("vn")).toEqual([]);
  });
});

/** Breaks off after a number of writes: the process is gone before, or just after, the store has taken the next one. */

describe("a vehicle that has left", () => {
  it("leaves no leg behind that a restart would ask for again, for when it comes back", async () => {
    const inner = sides.stores.vn;
    let timesGone = 0;
    const stale: string[] = [];
    await sides.start("cn");
    await sides.start("vn", {
      ...inner,
      save: (mission) => {
        const { bound, clearOfGround, outbox, step } = mission.context;
        if (bound === "outbound" && clearOfGround) {
          timesGone++;
          if (outbox.some(({ kind }) => kind === "requestLeg")) stale.push(step);
        }
        return inner.save(mission);
      },
    });
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(timesGone).toBeGreaterThan(0);
    expect(stale).toEqual([]);
  });
});
