import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { vehicleClassIdOf } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { nodePoseInSite, trajectoryOf } from "../layout/site.ts";
import type { VehicleClass } from "../layout/site-file.ts";
import { alongNurbs, alongStraight, type Body, meet, standing, type Way } from "../testing/plain-ground.ts";
import { randomRoads, shifted, siteOfRoads, twoPieces } from "../testing/random-layout.ts";
import { committedSite } from "../testing/sites.ts";
import { compileNetworks } from "./compile.ts";
import { rowOf, rowsMeet } from "./csr.ts";
import type { Network } from "./network.ts";

/** Grounds that overlap by more than this share a block; grounds further apart than this share none. */
const MISSED_M = 0.005;
const TOO_MUCH_M = 0.02;

let mini: Site;
let carrier: VehicleClass;
let tractor: VehicleClass;

beforeAll(async () => {
  mini = await committedSite("mini");
  const [first] = mini.file.vehicleClasses;
  if (first === undefined) throw new Error("the mini crossing has a vehicle class");
  carrier = first;
  tractor = { ...first, vehicleClassId: "sim.tractor-7", lengthM: 7, widthM: 2.5, turningRadiusM: 8 };
});

/** A stop pose or a move of one class: its blocks, and everywhere its body is. */
interface Item {
  readonly name: string;
  readonly blocks: Int32Array;
  readonly ways: readonly Way[];
}

function bodyOf(site: Site, vehicle: VehicleClass): Body {
  const marginM = 2 * site.file.safetyMarginM;
  return { lengthM: vehicle.lengthM + marginM, widthM: vehicle.widthM + marginM };
}

/** Every pose and move of a network, its ground made from the layout alone. */
function itemsOf(site: Site, network: Network, vehicle: VehicleClass): Item[] {
  const body = bodyOf(site, vehicle);
  const { mapToSite } = site.file.sides[network.side];
  const cos = Math.cos(mapToSite.rotationRad);
  const sin = Math.sin(mapToSite.rotationRad);
  const place = (xM: number, yM: number) => ({
    xM: cos * xM - sin * yM + mapToSite.dxM,
    yM: sin * xM + cos * yM + mapToSite.dyM,
  });
  const standAt = (pose: number) => {
    const found = nodePoseInSite(site, network.side, network.poses.nodeIds[pose] ?? "");
    if (found === undefined) throw new Error("a pose is a node");
    return found;
  };
  const poses = network.poses.nodeIds.map((nodeId, pose) => ({
    name: `${nodeId} (${vehicle.vehicleClassId})`,
    blocks: rowOf(network.poses.blocks, pose),
    ways: [standing(body, standAt(pose))],
  }));
  const moves = network.moves.edgeIds.map((edgeId, move) => {
    const from = standAt(network.moves.from[move] ?? -1);
    const to = standAt(network.moves.to[move] ?? -1);
    const trajectory = trajectoryOf(site, network.side, edgeId);
    const way =
      trajectory === undefined ? alongStraight(body, from, to) : alongNurbs(body, trajectory, place);
    return {
      name: `${edgeId} (${vehicle.vehicleClassId})`,
      blocks: rowOf(network.moves.blocks, move),
      ways: [way, standing(body, from), standing(body, to)],
    };
  });
  return [...poses, ...moves];
}

/** Pairs that share a block and do not overlap, and pairs that overlap and share none. */
function faultsOf(items: readonly Item[]): string[] {
  const faults: string[] = [];
  items.forEach((a, i) => {
    items.slice(i + 1).forEach((b) => {
      if (rowsMeet(a.blocks, b.blocks)) {
        if (!meet(a.ways, b.ways, TOO_MUCH_M / 2)) faults.push(`falsely exclusive: ${a.name}, ${b.name}`);
      } else if (meet(a.ways, b.ways, -MISSED_M / 2)) faults.push(`missed: ${a.name}, ${b.name}`);
    });
  });
  return faults;
}

describe("two moves or stop poses share a block exactly when their ground overlaps", () => {
  it("on random roads, straight and bent, for vehicles of two classes over common blocks", () => {
    fc.assert(
      fc.property(randomRoads, (roads) => {
        const { site } = siteOfRoads(mini, roads, [carrier, tractor]);
        const networks = compileNetworks(site, "vn");
        const items = [carrier, tractor].flatMap((vehicle) => {
          const network = networks.get(vehicleClassIdOf(vehicle.vehicleClassId));
          return network === undefined ? [] : itemsOf(site, network, vehicle);
        });
        expect(items.length).toBeGreaterThan(4);
        expect(faultsOf(items)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it("on roads that are brought together until they all but touch", () => {
    fc.assert(
      fc.property(twoPieces, fc.constantFrom(-0.02, -0.008, 0.025, 0.05), ([one, two], byM) => {
        const itemsAt = (shiftM: number): Item[] => {
          const { site } = siteOfRoads(mini, [one, shifted(two, shiftM)], [carrier]);
          const network = compileNetworks(site, "vn").get(vehicleClassIdOf(carrier.vehicleClassId));
          if (network === undefined) throw new Error("the class was compiled");
          return itemsOf(site, network, carrier);
        };
        const items = itemsAt(0);
        const waysOf = (road: RegExp) =>
          items.filter(({ name }) => road.test(name)).flatMap(({ ways }) => ways);
        const still = waysOf(/^.0/);
        const moving = waysOf(/^.1/);
        let meetingM = 0;
        let apartM = 90;
        while (apartM - meetingM > 0.001) {
          const middleM = (meetingM + apartM) / 2;
          const there = moving.map((way) => ({ ...way, xM: way.xM.map((xM) => xM + middleM) }));
          if (meet(still, there, 0)) meetingM = middleM;
          else apartM = middleM;
        }
        expect(faultsOf(itemsAt(meetingM + byM))).toEqual([]);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it("on the mini crossing", () => {
    const networks = compileNetworks(mini, "vn");
    expect(networks.size).toBe(1);
    for (const network of networks.values()) {
      expect(faultsOf(itemsOf(mini, network, carrier))).toEqual([]);
    }
  }, 120_000);
});
