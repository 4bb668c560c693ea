import type { VehicleId } from "@baton/fleet-adapter";
import { beforeEach, describe, expect, it } from "vitest";
import type { DeviceJob } from "../gate/port.ts";
import { goodResult } from "./testing/fake-devices.ts";
import { containerNo, order, TwoSides } from "./testing/two-sides.ts";

let sides: TwoSides;

beforeEach(async () => {
  sides = await TwoSides.create();
  sides.world.park("sim.vn-01", "vn", "vn.parking-1");
});

const vn = () => sides.control("vn");
const first = () => vn().views()[0];
const vehicle = () => sides.world.vehicles.get("sim.vn-01" as VehicleId);
const isBack = (): boolean => vn().views()[1]?.status === "done";

/** The portal reads another container's number. */
function misread(job: DeviceJob): ReturnType<TwoSides["world"]["answer"]> {
  const result = goodResult(job);
  return {
    status: "done",
    result: result.kind === "identify" ? { ...result, containerNo: "CSQU3054383" } : result,
  };
}

/** The border guard lets nobody out. */
function refuse(job: DeviceJob): ReturnType<TwoSides["world"]["answer"]> {
  const result = goodResult(job);
  return {
    status: "done",
    result: result.kind === "guard-check" ? { ...result, allowed: false } : result,
  };
}

async function heldAt(answer: TwoSides["world"]["answer"], code: string): Promise<string> {
  await sides.startBoth();
  sides.world.answer = answer;
  await vn().place(order(1, "vn"));
  expect(await sides.run(() => first()?.status === "held"), sides.statuses().join("\n")).toBe(true);
  expect(first()?.held?.code).toBe(code);
  return first()?.missionId ?? "";
}

const atGates = [
  ["portal", misread, "container-mismatch", "vn.out.portal"],
  ["exit gate", refuse, "guard-refused", "vn.out.exit-gate"],
] as const;

describe.each(atGates)(
  "a container given back while its vehicle stands at the %s",
  (_name, answer, code, nodeId) => {
    it("is driven on to where a way leads back, brought to the yard and lifted off there", async () => {
      const missionId = await heldAt(answer, code);
      expect(vehicle()?.nodeId).toBe(nodeId);
      expect(await vn().resume(missionId, "lan", "return")).toBe("resumed");
      expect(vn().view(missionId)?.status).toBe("returned");
      expect(await sides.run(isBack), sides.statuses().join("\n")).toBe(true);
      expect(sides.world.count(`lift ${containerNo(1)} off-vehicle`)).toBe(1);
      expect(vehicle()?.loadIds).toEqual([]);
      expect(vehicle()?.authority).toBe("vn");
      await sides.settle();
      expect(sides.world.standing("vn")).toEqual([]);
    });

    it("is so also when the process is killed right after it was given back", async () => {
      const missionId = await heldAt(answer, code);
      await vn().resume(missionId, "lan", "return");
      sides.kill("vn");
      await sides.start("vn");
      expect(await sides.run(isBack), sides.statuses().join("\n")).toBe(true);
      expect(vn().views()).toHaveLength(2);
    });
  },
);
