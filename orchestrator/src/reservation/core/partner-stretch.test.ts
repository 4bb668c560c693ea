import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import { beforeEach, describe, expect, it } from "vitest";
import type { ClosureId, LegId } from "../port.ts";
import { CoreWorld } from "../testing/core-world.ts";
import { type SmallMove, type SmallPose, smallNetwork } from "../testing/small-network.ts";
import { giveUpStretch } from "./partner-stretch.ts";
import { at } from "./runs.ts";

const WAYS = 6;

/** From the last place to stop before the hold line to the line: longer than a vehicle looks ahead. */
const TO_LINE_M = 60;
const LINE_M = 20 * WAYS + TO_LINE_M;
const STOP_M = LINE_M + 40;

/**
 * A lane from a bay to the hold line, and beyond it the strip: 20 m that nobody stops on, then the first stop. A road
 * crosses the strip, and a bay beside it shares the stop's ground.
 */
function lane(toLineM = TO_LINE_M): CoreWorld {
  const lineM = 20 * WAYS + toLineM;
  const names = ["bay", ...Array.from({ length: WAYS }, (_, i) => `way${i + 1}`), "line", "strip", "stop"];
  const kindOf = (name: string): SmallPose["kind"] => {
    if (name === "bay" || name === "line") return "endpoint";
    return name === "strip" ? "passing" : "way";
  };
  const alongM = (i: number): number => (i <= WAYS ? 20 * i : lineM + 20 * (i - WAYS - 1));
  const poses: SmallPose[] = names.map((id, i) => ({
    id,
    xM: alongM(i),
    yM: 0,
    kind: kindOf(id),
    blocks: [id],
  }));
  const moves: SmallMove[] = names.slice(1).map((to, i) => ({ from: at(names, i), to }));
  const stripM = lineM + 20;
  poses.push({ id: "north", xM: stripM, yM: 40, kind: "endpoint", blocks: ["north"] });
  poses.push({ id: "crossing", xM: stripM, yM: 0, kind: "passing", blocks: ["strip"] });
  poses.push({ id: "south", xM: stripM, yM: -40, kind: "endpoint", blocks: ["south"] });
  poses.push({ id: "beside", xM: stripM + 20, yM: -40, kind: "endpoint", blocks: ["stop"] });
  moves.push({ from: "north", to: "crossing" }, { from: "crossing", to: "south" });
  moves.push({ from: "beside", to: "south" });
  return new CoreWorld(smallNetwork(poses, moves), {
    share: (vehicleId) => (stalled.has(vehicleId) ? 0 : 1),
  });
}

const THROUGH = { throughNodeId: "stop" as NodeId };
const LEG = "car/out" as LegId;

/** Those that stand wherever they are. */
const stalled = new Set<VehicleId>();
let world: CoreWorld;
let car: VehicleId;
beforeEach(() => {
  stalled.clear();
  world = lane();
  car = world.admit("car", "bay");
  world.tick();
});

const ask = (): void => world.request(car, LEG, "line", { partnerStretch: THROUGH });
const progressM = (): number => world.leg(car).progressM;
const isOverLine = (): boolean => world.vehicle(car).leg?.overLine === true;
/** Ticks until it is so; fails after as many as nothing here needs. */
function until(isSo: () => boolean): void {
  for (let tick = 0; tick < 1_000; tick++) {
    if (isSo()) return;
    world.tick();
  }
  expect.fail("it never came to that");
}
const claimed = (vehicleId: VehicleId): string[] => {
  const { ids } = world.zone.network.blocks;
  return [...new Set(world.vehicle(vehicleId).visits.map(({ block }) => at(ids, block)))];
};
const abandon = (): void => world.command({ kind: "abandonLeg", vehicleId: car, legId: LEG });
const isAbandoned = (): boolean[] =>
  world.events.flatMap((event) => (event.kind === "legAbandoned" ? [event.ok] : []));

describe("the partner's stretch of a leg", () => {
  it("is nobody's until the vehicle comes near the line: who crosses there does not wait for it", () => {
    const other = world.admit("other", "north");
    ask();
    world.tick();
    expect(claimed(car)).not.toContain("strip");
    world.request(other, "other/over", "south");
    until(() => world.vehicle(other).leg?.completed === true);
    expect(isOverLine()).toBe(false);
    expect(progressM()).toBeLessThan(LINE_M - 30);
  });

  it("is asked for 25 m before the vehicle would have to brake for the line", () => {
    ask();
    until(() => world.vehicle(car).leg !== undefined);
    let beforeM = 0;
    until(() => {
      if (isOverLine()) return true;
      beforeM = progressM();
      return false;
    });
    // 5 m/s over a round trip of 0.6 s and two ticks of 0.2 s, at once to a stand: 5 m.
    expect(LINE_M - beforeM).toBeGreaterThan(30);
    expect(LINE_M - progressM()).toBeLessThanOrEqual(30);
  });

  it("is granted as one run, so that the vehicle passes the line without a stop and stands at the first stop beyond", () => {
    ask();
    until(isOverLine);
    const { runs, goal } = world.leg(car);
    const last = at(runs, runs.length - 1);
    expect(last.moves.map((move) => at(world.zone.network.moves.edgeIds, move))).toEqual([
      "line>strip",
      "strip>stop",
    ]);
    expect(at(world.zone.network.poses.nodeIds, goal)).toBe("stop");
    const passed: number[] = [];
    until(() => {
      passed.push(progressM());
      return progressM() >= STOP_M;
    });
    const atLine = passed.filter((eachM) => Math.abs(eachM - LINE_M) < 0.5);
    expect(atLine.length, "at most a tick at the line").toBeLessThanOrEqual(1);
  });

  it("is all granted or nothing: while another is on it the vehicle waits at the line with none of it", () => {
    const other = world.admit("other", "north");
    world.tick();
    world.request(other, "other/over", "south");
    until(() => (world.vehicle(other).leg?.progressM ?? 0) > 30);
    stalled.add(other);
    ask();
    world.tick(400);
    expect(progressM()).toBe(LINE_M);
    const { runs, grantedRuns } = world.leg(car);
    expect(isOverLine()).toBe(true);
    expect(grantedRuns).toBe(runs.length - 1);
    stalled.delete(other);
    until(() => progressM() >= STOP_M);
  });

  it("is not asked for while somebody stays on the stop's ground, and is as soon as that one has gone", () => {
    const other = world.admit("other", "beside");
    ask();
    until(() => world.vehicle(car).leg !== undefined && progressM() > LINE_M - 20);
    expect(isOverLine()).toBe(false);
    world.request(other, "other/away", "south");
    world.tick(4);
    expect(isOverLine()).toBe(true);
    until(() => progressM() >= STOP_M);
  });

  it.each([
    ["on its way", "north>crossing"],
    ["at its end", "strip>stop"],
  ])(
    "is not asked for over ground that is closed %s: the vehicle waits at the line, and goes on when it is open",
    (_, edgeId) => {
      const closure = { closureId: "works" as ClosureId, edgeIds: [edgeId as EdgeId], reason: "works" };
      world.command({ kind: "close", closure });
      ask();
      world.tick(600);
      expect(isOverLine()).toBe(false);
      expect(progressM()).toBe(LINE_M);
      expect(claimed(car)).toEqual(["line"]);
      world.command({ kind: "open", closureId: closure.closureId });
      until(() => progressM() >= STOP_M);
    },
  );

  it("is not asked for before all of the way to the line is granted", () => {
    world = lane(20);
    car = world.admit("car", "bay");
    world.tick();
    ask();
    let hadAll = false;
    until(() => {
      if (isOverLine()) return true;
      const { leg } = world.vehicle(car);
      hadAll = leg !== undefined && leg.grantedRuns === leg.runs.length;
      return false;
    });
    expect(hadAll).toBe(true);
  });
});

describe("a stretch that is given up, since the hand-off came to nothing", () => {
  it("is never asked for when it had not been", () => {
    ask();
    world.tick(5);
    abandon();
    world.tick(400);
    expect(isAbandoned()).toEqual([true]);
    expect(isOverLine()).toBe(false);
    expect(claimed(car)).toEqual(["line"]);
  });

  it("is free for others at once, and the vehicle stops at the line as if it had never had it", () => {
    const other = world.admit("other", "north");
    ask();
    until(isOverLine);
    until(() => world.leg(car).grantedRuns === world.leg(car).runs.length);
    expect(progressM()).toBeLessThan(LINE_M);
    abandon();
    world.tick();
    expect(isAbandoned()).toEqual([true]);
    expect(claimed(car)).not.toContain("strip");
    world.request(other, "other/over", "south");
    until(() => world.vehicle(other).leg?.completed === true);
    expect(progressM()).toBe(LINE_M);
    expect(claimed(car)).toEqual(["line"]);
    expect(world.leg(car).completed).toBe(true);
  });

  it("is not given up by a vehicle that has gone onto it: it keeps the whole way", () => {
    ask();
    until(() => isOverLine() && progressM() > LINE_M + 1);
    abandon();
    world.tick();
    expect(isAbandoned()).toEqual([false]);
    expect(claimed(car)).toEqual(expect.arrayContaining(["strip", "stop"]));
    until(() => progressM() >= STOP_M);
  });

  it("nor by one that nobody knows the place of yet, since it may be on it", () => {
    ask();
    until(() => isOverLine() && world.leg(car).grantedRuns === world.leg(car).runs.length);
    const vehicle = world.vehicle(car);
    vehicle.located = false;
    expect(giveUpStretch(world.zone, vehicle, world.leg(car))).toBe(false);
    expect(claimed(car)).toEqual(expect.arrayContaining(["strip", "stop"]));
    vehicle.located = true;
    expect(giveUpStretch(world.zone, vehicle, world.leg(car))).toBe(true);
    expect(claimed(car)).not.toContain("strip");
  });
});
