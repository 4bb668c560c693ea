import type { VehicleId } from "@baton/fleet-adapter";
import type { DeviceId } from "@baton/maps";
import { beforeEach, describe, expect, it } from "vitest";
import type { DeviceTaskKind } from "../gate/port.ts";
import { expectDeliveredOnce, parkedSides } from "./testing/deliveries.ts";
import { containerNo, order, type TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

describe("a device that fails", () => {
  /** Fails every job of a kind on one side until told to behave. */
  const breakDevice = (
    kind: DeviceTaskKind,
    side: string,
    how: "failed" | "silent" | "declined" = "failed",
  ) => {
    let broken = true;
    const good = sides.world.answer;
    sides.world.answer = (job) => {
      if (!broken || job.task.kind !== kind || !job.deviceId.startsWith(side)) return good(job);
      return how === "silent" ? undefined : { status: "failed", code: "broken", detail: "it is broken" };
    };
    return () => {
      broken = false;
    };
  };

  const atVn: readonly DeviceTaskKind[] = [
    "register-order",
    "admit-truck",
    "lift",
    "arm-seal",
    "identify",
    "weigh",
    "scan",
    "judge-scan",
    "quarantine",
    "decide",
    "guard-check",
    "close-order",
  ];
  it.each(atVn)("at %s holds the mission until an operator resumes it", async (kind) => {
    await sides.startBoth();
    const repair = breakDevice(kind, "vn");
    const placed = await sides.control("vn").place(order(1, "vn"));
    const missionId = placed.kind === "created" ? placed.missionId : "";
    const isHeld = () => sides.control("vn").view(missionId)?.status === "held";
    expect(await sides.run(isHeld), sides.statuses().join("\n")).toBe(true);
    expect(sides.control("vn").view(missionId)?.held?.code).toBe("device-failed");
    expect(sides.world.standing("vn")).toMatchObject([{ code: "mission.held", missionId }]);
    repair();
    expect(await sides.control("vn").resume(missionId, "operator-1", "override")).toBe("not-possible");
    expect(await sides.control("vn").resume(missionId, "operator-1", "retry")).toBe("resumed");
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(sides.world.standing("vn")).toEqual([]);
    expectDeliveredOnce(sides, containerNo(1));
  });

  it.each(["identify", "guard-check", "lift", "close-order"] as const)(
    "at %s on the inbound side holds the mission there",
    async (kind) => {
      await sides.startBoth();
      const repair = breakDevice(kind, "cn");
      await sides.control("vn").place(order(1, "vn"));
      const held = () =>
        sides
          .control("cn")
          .views()
          .find((view) => view.status === "held");
      expect(await sides.run(() => held() !== undefined), sides.statuses().join("\n")).toBe(true);
      repair();
      expect(await sides.control("cn").resume(held()?.missionId ?? "", "operator-1", "retry")).toBe(
        "resumed",
      );
      expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
      expectDeliveredOnce(sides, containerNo(1));
    },
  );

  it("and keeps silent is held by its deadline", async () => {
    await sides.startBoth();
    const repair = breakDevice("quarantine", "vn", "silent");
    await sides.control("vn").place(order(1, "vn"));
    const held = () =>
      sides
        .control("vn")
        .views()
        .find((view) => view.status === "held");
    expect(await sides.run(() => held() !== undefined)).toBe(true);
    expect(held()?.held?.code).toBe("device-silent");
    repair();
    await sides.control("vn").resume(held()?.missionId ?? "", "operator-1", "retry");
    expect(await sides.run(() => sides.allDone(2))).toBe(true);
  });

  it("once is asked once more without a person, where the procedure says so", async () => {
    await sides.startBoth();
    let failures = 0;
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "scan" && failures++ === 0 ? { status: "failed", code: "x", detail: "" } : good(job);
    await sides.control("vn").place(order(1, "vn"));
    expect(await sides.run(() => sides.allDone(2))).toBe(true);
    expect(failures).toBe(2);
  });
});

describe("a mismatch", () => {
  it("of the weight is held, and a named account may accept it", async () => {
    await sides.startBoth();
    const good = sides.world.answer;
    sides.world.answer = (job) =>
      job.task.kind === "weigh"
        ? { status: "done", result: { kind: "weigh", grossKg: 29_000, scaleClass: "5" } }
        : good(job);
    await sides.control("vn").place(order(1, "vn"));
    const view = () => sides.control("vn").views()[0];
    expect(await sides.run(() => view()?.status === "held")).toBe(true);
    expect(view()?.held?.code).toBe("weight-mismatch");
    // The container passed the scanner while the mission was held, and was scanned all the same.
    await sides.run(() => sides.world.count(`scan ${containerNo(1)} vn`) === 1, { maxSeconds: 60 });
    expect(sides.world.count(`scan ${containerNo(1)} vn`)).toBe(1);
    expect(await sides.control("vn").resume(view()?.missionId ?? "", "supervisor-1", "override")).toBe(
      "resumed",
    );
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expect(view()?.timeline.find((entry) => entry.step === "weigh")?.evidence).toContain("supervisor-1");
  });

  it("at the portal stops the vehicle there", async () => {
    await sides.startBoth();
    const good = sides.world.answer;
    sides.world.answer = (job) => {
      const outcome = good(job);
      if (job.task.kind !== "identify" || outcome?.status !== "done" || outcome.result.kind !== "identify")
        return outcome;
      return { ...outcome, result: { ...outcome.result, containerNo: "CSQU3054383" } };
    };
    await sides.control("vn").place(order(1, "vn"));
    const view = () => sides.control("vn").views()[0];
    expect(await sides.run(() => view()?.status === "held")).toBe(true);
    expect(view()?.held?.code).toBe("container-mismatch");
    await sides.run(() => false, { maxSeconds: 30 });
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.nodeId).toBe("vn.out.portal");
  });
});

describe("a vehicle", () => {
  it("is not sent through a scanner that is away, which is an alarm, and goes on when the scanner is back", async () => {
    await sides.startBoth();
    const scanner = "vn.scanner-out" as DeviceId;
    sides.world.sayAvailability("vn", scanner, false);
    await sides.control("vn").place(order(1, "vn"));
    const view = () => sides.control("vn").views()[0];
    expect(await sides.run(() => view()?.step === "identify")).toBe(true);
    await sides.run(() => false, { maxSeconds: 600 });
    expect(view()).toMatchObject({ step: "identify", status: "running" });
    expect(sides.world.vehicles.get("sim.vn-01" as VehicleId)?.nodeId).toBe("vn.out.portal");
    expect([...sides.world.alarms.vn.keys()]).toContain("device.offline:vn.scanner-out");
    sides.world.sayAvailability("vn", scanner, true);
    expect(await sides.run(() => sides.allDone(2)), sides.statuses().join("\n")).toBe(true);
    expectDeliveredOnce(sides, containerNo(1));
    expect([...sides.world.alarms.vn.keys()]).not.toContain("device.offline:vn.scanner-out");
  });
});
