import { beforeAll, describe, expect, test } from "vitest";
import { layoutNames, type Place, placeOf } from "../layouts/place.ts";
import { FAIR_WEATHER } from "../trial-plan.ts";
import { edgeItem, type JudgedGround, judgeGround } from "./ground.ts";
import { type JudgedLayout, readLayout, spotOn } from "./path.ts";
import { rectanglesOverlap } from "./rectangles.ts";
import { SafetyJudge } from "./safety.ts";

const HALF = { alongM: 7.5, acrossM: 1.5 };

function judged(place: Place): { layout: JudgedLayout; ground: JudgedGround } {
  const layout = readLayout(place.lif, place.mapToSite, place.vehicle.vehicleClassId);
  return { layout, ground: judgeGround(layout, HALF) };
}

describe("two bodies", () => {
  const at = (xM: number, yM: number, headingRad: number) => ({ xM, yM, headingRad });
  test("overlap when a corner of one is in the other, and not when they stand corner to corner", () => {
    expect(rectanglesOverlap(at(0, 0, 0), HALF, at(8.9, 0, Math.PI / 2), HALF)).toBe(true);
    expect(rectanglesOverlap(at(0, 0, 0), HALF, at(9.1, 0, Math.PI / 2), HALF)).toBe(false);
    expect(rectanglesOverlap(at(0, 0, 0), HALF, at(9.1, 0, Math.PI / 2), HALF, 0.2)).toBe(true);
    // Their bounding boxes overlap; only an axis of the turned one keeps them apart.
    expect(rectanglesOverlap(at(0, 0, 0), HALF, at(8.7, -2.7, Math.PI / 4), HALF)).toBe(false);
    expect(rectanglesOverlap(at(0, 0, 0), HALF, at(8.4, -2.4, Math.PI / 4), HALF)).toBe(true);
  });
});

describe.each(layoutNames())("on the layout %s", (name) => {
  let place: Place;
  beforeAll(async () => {
    place = await placeOf(name, 3);
  });

  test("the judge's own reading of the file is where the product's network is, to a centimetre", () => {
    const { layout } = judged(place);
    const { network } = place;
    const spot = { xM: 0, yM: 0, headingRad: 0 };
    let offM = 0;
    network.moves.edgeIds.forEach((edgeId, move) => {
      const path = layout.paths.get(edgeId);
      if (path === undefined) throw new Error(`the judge does not know ${edgeId}`);
      for (const share of [0, 0.3, 0.7, 1]) {
        spotOn(path, share * path.lengthM, spot);
        const pose = network.poseAlong(move, share * (network.moves.lengthM[move] ?? 0));
        offM = Math.max(offM, Math.hypot(spot.xM - pose.xM, spot.yM - pose.yM));
      }
    });
    expect(offM).toBeLessThan(0.01);
  });

  test("what the judge sees overlap shares a block: else the product could grant both", () => {
    const { ground } = judged(place);
    const holder = new SafetyJudge(ground, place.network, HALF);
    const everything = { vehicleId: "one", blockIds: place.network.blocks.ids };
    holder.committed(1, [], [everything]);
    expect(ground.items.every((_, item) => holder.holdsAll("one", item))).toBe(true);
    const { offsets, values } = place.network.moves.blocks;
    place.network.moves.edgeIds.forEach((edgeId, move) => {
      const item = ground.indexOf.get(edgeItem(edgeId)) ?? -1;
      const blocks = new Set(values.subarray(offsets[move], offsets[move + 1]));
      for (const other of ground.meets[item] ?? []) {
        const otherMove = place.network.moves.edgeIds.findIndex(
          (id) => edgeItem(id) === ground.items[other]?.name,
        );
        if (otherMove < 0) continue;
        const shared = values
          .subarray(offsets[otherMove], offsets[otherMove + 1])
          .some((block) => blocks.has(block));
        expect(shared, `${edgeId} and ${ground.items[other]?.name}`).toBe(true);
      }
    });
  });
});

test("fair weather has nothing in it but slow driving", () => {
  const { slowest, ...others } = FAIR_WEATHER;
  expect(slowest).toBe(5);
  expect(Object.values(others).every((value) => value === 0)).toBe(true);
});
