import { beforeEach, describe, expect, it } from "vitest";
import { parkedSides } from "./testing/deliveries.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;
beforeEach(async () => {
  sides = await parkedSides();
});

const opensAt = (...openings: readonly { readonly from: string; readonly to: string }[]) =>
  TwoSides.create((ground) => {
    const calendar = [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) =>
      openings.map((opening) => ({ weekday, ...opening })),
    );
    const { vn, cn } = ground.site.file.sides;
    const hours = { calendar, utcOffsetMinutes: 0 };
    const sides_ = { vn: { ...vn, ...hours }, cn: { ...cn, ...hours } };
    return { ...ground, site: { ...ground.site, file: { ...ground.site.file, sides: sides_ } } };
  });

describe("a border that is closed", () => {
  it("gives an order the first slot of the next opening, and calls its truck an hour before, not earlier", async () => {
    sides = await opensAt({ from: "02:30", to: "12:00" });
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    const placed = await sides.control("vn").place(order(1, "vn"));
    const missionId = placed.kind === "created" ? placed.missionId : "";
    const opensMs = Date.parse("2026-11-22T02:30:00Z");
    expect(sides.control("vn").view(missionId)?.slot).toEqual({
      fromMs: Date.parse("2026-11-22T02:00:00Z"),
      toMs: Date.parse("2026-11-22T03:00:00Z"),
    });
    const why = () => sides.control("vn").reasons().missions.get(missionId);
    await sides.run(() => why()?.code === "waits-for-slot", { maxSeconds: 60 });
    expect(why()?.facts).toEqual({ untilMs: Date.parse("2026-11-22T01:00:00Z") });
    await sides.run(() => why()?.code === "border-closed", { maxSeconds: 4_000 });
    expect(why()?.facts).toEqual({ line: "closed", untilMs: opensMs });
    expect(sides.world.count(`admit-truck ${containerNo(1)} vn`)).toBe(0);
    expect(await sides.run(() => sides.allDone(2), { maxSeconds: 9_000 }), sides.statuses().join("\n")).toBe(
      true,
    );
    expect(sides.clock.nowMs()).toBeGreaterThan(opensMs);
  });

  it("takes no vehicle over the line that would arrive after closing", async () => {
    sides = await opensAt({ from: "00:00", to: "01:00" }, { from: "02:00", to: "24:00" });
    sides.world.park("sim.vn-01", "vn", "vn.parking-1");
    await sides.startBoth();
    const good = sides.world.answer;
    // Customs take their time, until after the border has closed.
    const closesMs = Date.parse("2026-11-22T01:00:00Z");
    let asked: Parameters<typeof good>[0] | undefined;
    sides.world.answer = (job) => {
      if (job.task.kind !== "decide" || sides.clock.nowMs() >= closesMs) return good(job);
      asked = job;
      return undefined;
    };
    await sides.control("vn").place(order(1, "vn"));
    await sides.run(() => asked !== undefined);
    await sides.run(() => sides.control("vn").views()[0]?.status === "held", { maxSeconds: 7_000 });
    const missionId = sides.control("vn").views()[0]?.missionId ?? "";
    await sides.run(() => sides.clock.nowMs() >= closesMs, { maxSeconds: 7_000 });
    await sides.control("vn").resume(missionId, "operator-1", "retry");
    expect(await sides.run(() => sides.world.count("decline border-closed") >= 2)).toBe(true);
    expect(sides.control("vn").view(missionId)).toMatchObject({ status: "running", step: "offer" });
    expect(await sides.run(() => sides.allDone(2), { maxSeconds: 7_000 }), sides.statuses().join("\n")).toBe(
      true,
    );
    expect(sides.clock.nowMs()).toBeGreaterThan(Date.parse("2026-11-22T02:00:00Z") - 200_000);
  });
});
