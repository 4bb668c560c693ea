import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { NodeId, Side, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { placeAtFirstSight } from "./first-sight.ts";
import { lineFor } from "./line-choice.ts";
import { yardOfSite } from "./yard-of-site.ts";

const yard = yardOfSite(await miniSite(), "vn");
const parking = yard.stations.find((one) => one.stationId === "vn.parking-1");
const at = parking?.pose ?? { xM: 0, yM: 0, headingRad: 0 };

const state = (change: Partial<VehicleState>, authority: Side | undefined = "vn"): VehicleState =>
  standingVehicle("sim.vn-01" as VehicleId, {
    pose: at,
    orderRevision: 0,
    control: authority === undefined ? undefined : { authority, epoch: 1 },
    ...change,
  });

describe("a vehicle seen for the first time", () => {
  it("stands at the stop that it is near to", () => {
    const sight = placeAtFirstSight(yard, state({ pose: { ...at, xM: at.xM + 0.8 } }), undefined);
    expect(sight).toMatchObject({
      kind: "stands-at",
      nodeId: parking?.nodeId,
      vehicleClassId: "sim.carrier-15",
    });
  });

  it("more than a metre off every stop is unplaced, whatever node it names", () => {
    const sight = placeAtFirstSight(
      yard,
      state({ pose: { ...at, yM: at.yM + 300 }, lastNodeId: parking?.nodeId as NodeId }),
      undefined,
    );
    expect(sight.kind).toBe("unplaced");
  });

  it("that answers to the partner, or to nobody, is not ours to place", () => {
    expect(placeAtFirstSight(yard, state({}, "cn"), undefined).kind).toBe("not-ours");
    expect(placeAtFirstSight(yard, { ...state({}), control: undefined }, undefined).kind).toBe("not-ours");
  });

  it("that stands on the ground which it visits by the partner's grants is not sent on from there: a person has to look", () => {
    const line = yard.lines.find(({ direction }) => direction === "export");
    if (line?.mode !== "control-passes") throw new Error("no export passes the line here");
    const beyond = yard.nodes.find(({ nodeId }) => nodeId === line.beyondNodeId)?.pose ?? at;
    const seen = (lines: typeof yard.lines) =>
      placeAtFirstSight({ ...yard, lines }, state({ pose: beyond }), undefined).kind;
    expect(seen(yard.lines)).toBe("stands-at");
    const pad = { stationId: "pad" as StationId, nodeId: line.beyondNodeId, xM: beyond.xM, yM: beyond.yM };
    const visit = { ...line, mode: "host-grants", pad, homePointId: line.handoffPointId } as const;
    const ways = { homeNodeId: line.holdNodeId, inStretchId: "in", outStretchId: "out" };
    expect(seen([{ ...visit, ...ways }])).toBe("unplaced");
    expect(seen([{ ...visit, ...ways, direction: "import" }])).toBe("stands-at");
  });

  it("that moves, or is not localised, is looked at again later", () => {
    expect(placeAtFirstSight(yard, state({ driving: true }), undefined).kind).toBe("not-yet");
    expect(placeAtFirstSight(yard, state({ pose: undefined }), undefined).kind).toBe("not-yet");
  });

  it("larger than any class of the site is unplaced", () => {
    const factsheet = {
      manufacturer: "x",
      serialNumber: "y",
      seriesName: "z",
      lengthM: 20,
      widthM: 3,
      maxSpeedMps: 5,
      maxLoadKg: 1,
      actionTypes: [],
    };
    expect(placeAtFirstSight(yard, state({}), factsheet).kind).toBe("unplaced");
  });
});

describe("the yard of a site", () => {
  it("knows where a drive-through begins and what the line's nodes are called on this side", () => {
    expect(yard.stations.find((one) => one.kind === "scanner" && one.bound === "outbound")).toMatchObject({
      beginNodeId: "vn.out.weighed",
      nodeId: "vn.out.scanned",
    });
    expect(lineFor(yard, { direction: "export", orderId: "o-1" })).toMatchObject({
      holdNodeId: "vn.out.hold",
      beyondNodeId: "vn.out.partner-stop",
    });
    expect(lineFor(yard, { direction: "import", orderId: "o-1" })).toMatchObject({
      holdNodeId: "vn.in.partner-hold",
      beyondNodeId: "vn.in.first-stop",
    });
  });

  it("measures one-way roads the way they run", () => {
    const crane = "vn.yard.crane-1" as NodeId;
    const bay = "vn.out.buffer-1" as NodeId;
    expect(yard.wayM(crane, bay)).toBeGreaterThan(150);
    expect(yard.wayM(crane, crane)).toBe(0);
    expect(yard.wayM("vn.in.partner-hold" as NodeId, "vn.yard.crane-1" as NodeId)).toBeGreaterThan(300);
  });
});
