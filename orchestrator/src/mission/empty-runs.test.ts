import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import type { Manifest } from "../handoff/manifest.ts";
import { handoffIdFrom } from "./ids.ts";
import { exportLine, miniSite, order, TwoSides } from "./testing/two-sides.ts";

const vehicleId = "sim.vn-01" as VehicleId;
let sides: TwoSides;
const empties = (side: "vn" | "cn") =>
  sides
    .control(side)
    .views()
    .filter((view) => view.containerNo === undefined);

/** China has a container to send and no vehicle; Viet Nam has the vehicles. */
beforeEach(async () => {
  sides = await TwoSides.create();
  sides.world.park(vehicleId, "vn", "vn.parking-1");
  sides.world.park("sim.vn-02", "vn", "vn.parking-2");
});

describe("a container where there is no vehicle", () => {
  it("has one come over the line with nothing aboard, which carries it back", async () => {
    await sides.startBoth();
    await sides.control("cn").place(order(1, "cn"));
    expect(await sides.run(() => sides.allDone(4)), sides.statuses().join("\n")).toBe(true);
    expect(sides.statuses()).toHaveLength(4);
    expect(empties("vn").map(({ bound, status }) => `${bound} ${status}`)).toEqual(["outbound done"]);
    expect(empties("cn").map(({ bound, status }) => `${bound} ${status}`)).toEqual(["inbound done"]);
    expect(sides.world.standing("vn")).toEqual([]);
    expect(sides.world.standing("cn")).toEqual([]);
  });

  it("has it asked of the border guard on either side, and of no device that looks at containers", async () => {
    const asked: string[] = [];
    const { answer } = sides.world;
    sides.world.answer = (job) => {
      if (!("containerNo" in job.task)) asked.push(job.deviceId);
      return answer(job);
    };
    await sides.startBoth();
    await sides.control("cn").place(order(1, "cn"));
    await sides.run(() => sides.allDone(4));
    expect(asked).toEqual(["vn.border-guard", "cn.border-guard"]);
    const steps = (side: "vn" | "cn") => empties(side)[0]?.timeline.map(({ step }) => step);
    expect(steps("vn")?.[0]).toBe("offer");
    expect(steps("cn")).toEqual(["accept", "cross", "guard-entry", "drive-to-buffer", "close"]);
  });

  it("has no vehicle come that reports a container aboard: what no check has seen does not cross", async () => {
    await sides.startBoth();
    await sides.control("cn").place(order(1, "cn"));
    const first = () => empties("vn")[0];
    expect(await sides.run(() => first()?.step === "drive-to-hold" || first()?.step === "guard-exit")).toBe(
      true,
    );
    const vehicle = [...sides.world.vehicles.values()].find((one) => one.vehicleId === first()?.vehicleId);
    if (vehicle === undefined) throw new Error("nobody is on the way");
    vehicle.loadIds = ["BTNU0000017"];
    await sides.run(() => first()?.status === "held");
    expect(first()?.held?.code).toBe("not-empty");
    expect(vehicle.authority).toBe("vn");
  });

  it("has nobody come who is not told so: with vehicles enough over there, and none waiting, all stay", async () => {
    sides.world.park("sim.cn-01", "cn", "cn.parking-1");
    await sides.startBoth();
    await sides.control("cn").place(order(1, "cn"));
    expect(await sides.run(() => sides.allDone(2))).toBe(true);
    await sides.run(() => false, { maxSeconds: 1_200 });
    expect(empties("vn")).toEqual([]);
  });

  it("has the vehicle stay, without an alarm, when the partner says no after all", async () => {
    await sides.startBoth();
    await sides.control("cn").place(order(1, "cn"));
    expect(await sides.run(() => empties("vn").length > 0)).toBe(true);
    const handoffId = empties("vn")[0]?.handoffId;
    const handoffs = sides.world.handoffsOf("cn");
    if (handoffId !== undefined) handoffs.decline(handoffIdFrom(handoffId), "not-wanted");
    await sides.run(() => empties("vn")[0]?.status !== "running", { maxSeconds: 60 });
    expect(empties("vn")[0]?.status).toBe("returned");
    expect(sides.world.standing("vn")).toEqual([]);
  });

  it("is not taken for one when its manifest has papers and no container: that is a manifest that lacks something", async () => {
    await sides.startBoth();
    const vehicle = { manufacturer: "sim", serialNumber: "vn-01", lengthM: 15, widthM: 3, batteryPct: 80 };
    const bare = { vehicle, direction: "export", priority: 0 } as const;
    const papers = { orderId: "o-1", declarationNo: "d-1", channel: "green" } as const;
    const line = exportLine(yardOfSite(await miniSite(), "vn"));
    const answerTo = async (handoffId: string, manifest: Manifest): Promise<string | undefined> => {
      const nowMs = sides.world.clock.nowMs();
      sides.world.handoffsOf("vn").offer({
        handoffId: handoffIdFrom(handoffId),
        handoffPointId: line.handoffPointId,
        direction: "export",
        vehicleId,
        vehicleHome: "vn",
        manifest,
        etaMs: nowMs + 60_000,
        expiresAtMs: nowMs + 600_000,
      });
      await sides.run(() => false, { maxSeconds: 5 });
      return sides.world.conversations
        .get(handoffIdFrom(handoffId))
        ?.said.flatMap(({ event }) => (event.kind === "declined" ? [event.code] : []))[0];
    };
    expect(await answerTo("h-1", bare)).toBe("not-wanted");
    expect(await answerTo("h-2", { ...bare, consignment: papers })).toBe("manifest-incomplete");
    expect(await answerTo("h-3", { ...bare, quarantine: "not-listed" })).toBe("manifest-incomplete");
  });
});
