import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { EdgeId, Point } from "@baton/maps";
import { expect, it } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import { ring } from "../reservation/testing/layouts.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { plannedWayAlarms } from "./planned-way-alarms.ts";

const { network } = ring(8);
const vehicleId = "acme.1" as VehicleId;
const [first = 0, second = 0] = [0, 1].map((from) => network.moves.from.indexOf(from));
const edgeIds = (moves: readonly number[]): EdgeId[] =>
  moves.map((move) => network.moves.edgeIds[move] ?? ("" as EdgeId));
/** Along the middle of a move, so far beside it. */
const along = (move: number, besideM = 0): Point[] =>
  [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const { xM, yM, headingRad } = network.poseAlong(move, share * (network.moves.lengthM[move] ?? 0));
    return { xM: xM - besideM * Math.sin(headingRad), yM: yM + besideM * Math.cos(headingRad) };
  });

function desk() {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const ground = { granted: [first], planned: [second] };
  const watch = plannedWayAlarms({
    side: "vn",
    network,
    body: { lengthM: 2 },
    alarms,
    reservation: {
      holding: () => ({
        legId: undefined,
        grantedEdgeIds: edgeIds(ground.granted),
        plannedEdgeIds: edgeIds(ground.planned),
        waitingFor: undefined,
      }),
    },
  });
  const told = (plannedWays: readonly (readonly Point[])[], atMs: number, authority: "vn" | "cn" = "vn") => {
    const state: VehicleState = standingVehicle(vehicleId, {
      pose: network.poseAlong(first, 0),
      control: { authority, epoch: 1 },
      plannedWays,
    });
    watch.look(state, atMs);
    return alarms.list().flatMap(({ code, state: is }) => (is === "returned" ? [] : [code]));
  };
  return { alarms, ground, told };
}

it("a vehicle that plans to drive on what it is granted, and claims, is no case for anybody", () => {
  const { told } = desk();
  const way = [...along(first), ...along(second)];
  expect(told([way], 0)).toEqual([]);
  expect(told([way], 60_000)).toEqual([]);
});

it("one that plans to leave it is told of once, with the place, until it plans so no more", () => {
  const { alarms, ground, told } = desk();
  const way = [...along(first), ...along(second)];
  ground.planned = [];
  expect(told([way], 0)).toEqual([]);
  expect(told([way], 6_000)).toEqual(["vehicle.plans-off-ground"]);
  expect(told([way], 7_000)).toEqual(["vehicle.plans-off-ground"]);
  const [alarm] = alarms.list();
  expect(alarm?.occurrences).toBe(1);
  expect(network.project(first, alarm?.facts?.xM ?? 0, alarm?.facts?.yM ?? 0).offM).toBeGreaterThan(1);
  ground.planned = [second];
  expect(told([way], 8_000)).toEqual([]);
});

it("what it sees before itself counts as well, and beside its ground is off it", () => {
  const { told } = desk();
  const ways = [along(first), along(first, 2)];
  told(ways, 0);
  expect(told(ways, 6_000)).toEqual(["vehicle.plans-off-ground"]);
});

it("a plan that is older than the ledger's last word by a report or two is none of it", () => {
  const { told } = desk();
  told([along(first, 2)], 0);
  told([along(first)], 2_000);
  expect(told([along(first, 2)], 6_000)).toEqual([]);
});

it("whom the partner commands has its ground there", () => {
  const { told } = desk();
  told([along(first, 2)], 0, "cn");
  expect(told([along(first, 2)], 60_000, "cn")).toEqual([]);
});
