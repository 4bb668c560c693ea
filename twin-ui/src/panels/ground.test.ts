import type { SiteView } from "@baton/orchestrator/contract";
import { describe, expect, test } from "vitest";
import { closedPart, lanesToClose, roadsOverLine } from "./ground.ts";

type Lane = SiteView["lanes"][number];
type Road = SiteView["roads"][number];

const lane = (laneId: string, yM: number, more: Partial<Lane> = {}): Lane => ({
  ...{ laneId, side: "vn", direction: "export", kind: "unmanned", widthM: 3.75, xM: [-100, 0], yM: [yM, yM] },
  ...more,
});
const road = (edgeId: string, xM: number[], yM: number[], side: Road["side"] = "vn"): Road => ({
  ...{ edgeId, side, xM, yM },
});

describe("closing a lane", () => {
  const roads = [
    road("first", [-100, -50], [0, 0]),
    road("second", [-50, 0], [0.4, -0.4]),
    road("branch", [-50, -40, -30], [0, 1, 4]),
    road("bay", [-30, -10], [6, 6]),
    road("strip", [0, 20], [0, 0]),
    road("theirs", [-20, 0], [0, 0], "cn"),
  ];

  test("takes the roads that lie on it from end to end, of its own side, and no bay beside it", () => {
    expect(lanesToClose({ lanes: [lane("vn.export.unmanned-1", 0)], roads }, "vn")).toEqual([
      { laneId: "vn.export.unmanned-1", direction: "export", number: "1", edgeIds: ["first", "second"] },
    ]);
  });

  test("is for this side's unmanned lanes with roads on them only", () => {
    const lanes = [
      lane("a", 0, { side: "cn" }),
      lane("b", 0, { kind: "manned" }),
      lane("c", 40),
      lane("d", 0, { xM: [], yM: [] }),
    ];
    expect(lanesToClose({ lanes, roads }, "vn")).toEqual([]);
  });

  test("it is closed when every road of it is, by one closure or several", () => {
    const closure = (...edgeIds: string[]) => ({ closureId: edgeIds.join(), edgeIds, reason: "flood" });
    expect(closedPart(["first", "second"], [closure("bay")])).toBe("open");
    expect(closedPart(["first", "second"], [closure("bay", "first")])).toBe("partly");
    expect(closedPart(["first", "second"], [closure("first"), closure("second")])).toBe("closed");
  });
});

test("closing the line takes every road of this side that leads over it, and none that only comes near", () => {
  const roads = [
    road("to-hold", [-120, -50], [0, 0]),
    road("out", [-50, 50], [0, 0]),
    road("in", [60, -60], [26, 26]),
    road("theirs", [-50, 50], [0, 0], "cn"),
  ];
  expect(roadsOverLine({ roads }, "vn")).toEqual(["out", "in"]);
});
