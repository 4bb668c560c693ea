import type { Side } from "@baton/maps";
import { expect } from "vitest";
import { TwoSides } from "./two-sides.ts";

/** Both sides with a vehicle each at its first parking place. */
export async function parkedSides(): Promise<TwoSides> {
  const sides = await TwoSides.create();
  sides.world.park("sim.vn-01", "vn", "vn.parking-1");
  sides.world.park("sim.cn-01", "cn", "cn.parking-1");
  return sides;
}

/** What must have happened once for a container that went from Viet Nam to China. */
const onceEach = (box: string): readonly string[] => [
  `register-order ${box} vn`,
  `admit-truck ${box} vn`,
  `lift ${box} onto-vehicle`,
  `arm-seal ${box} vn`,
  `weigh ${box} vn`,
  `scan ${box} vn`,
  `judge-scan ${box} vn`,
  `quarantine ${box} vn`,
  `decide ${box} vn`,
  `close-order ${box} vn`,
  `lift ${box} off-vehicle`,
  `close-order ${box} cn`,
  "dismiss vn",
];

export function expectDeliveredOnce(sides: TwoSides, box: string): void {
  for (const what of onceEach(box)) expect(sides.world.count(what), what).toBe(1);
  for (const kind of ["receipt", "switch"]) {
    const times = [...sides.world.happened].filter(([what]) => what.startsWith(kind));
    expect(
      times.map(([, count]) => count),
      kind,
    ).toEqual([1]);
  }
}

/** The outbound mission of a side whose truck is in and that has no vehicle. */
export const waitingIn = (sides: TwoSides, side: Side) =>
  sides
    .control(side)
    .views()
    .find((view) => view.step === "assign-vehicle");
