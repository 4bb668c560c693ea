import type { StationId } from "@baton/maps";
import { ALL_PARAMETERS, generatedSite, withLayout } from "@baton/maps/files";
import { describe, expect, it } from "vitest";
import { decide } from "./dispatch.ts";
import { placeUnderCrane } from "./inbound-room.ts";
import { transferLines } from "./line-choice.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { vehicleAt, viewOf, wantsVehicle } from "./testing/seen.ts";
import type { DispatchMission, DispatchVehicle, DispatchView, LineCraneState } from "./view.ts";
import { yardOfSite } from "./yard-of-site.ts";

/** The crossing `mini` with a crane at the line, as Viet Nam sees it. */
const mini = ALL_PARAMETERS.find(({ siteId }) => siteId === "mini");
if (mini === undefined) throw new Error("there is a site mini");
const site = generatedSite(withLayout(mini, "mini", { transferPads: 1, source: "a test" }));
const yard = yardOfSite(site, "vn");
const [line] = transferLines(yard);
if (line === undefined) throw new Error("there is a crane at the line");
const PAD = line.pad.stationId;

const FREE: LineCraneState = { deviceId: line.deviceId, isFit: true, freeSinceMs: 0, turn: "vn" };
const wantsPad = (missionId: string, priority = 0, notBeforeMs = 0): DispatchMission => ({
  kind: "wants-pad",
  missionId,
  priority,
  sinceMs: 0,
  padStationId: PAD,
  notBeforeMs,
});
const vehicle = (name: string, stationId: string, change: Partial<DispatchVehicle> = {}) =>
  vehicleAt(yard, name, stationId, change);
const held = (stationIds: readonly string[], missionId = "m-x"): ReadonlyMap<StationId, string> =>
  new Map(stationIds.map((stationId) => [stationId as StationId, missionId]));
const bays = yard.stations.filter(({ stationId }) => stationId.startsWith("vn.buffer-in"));

describe("the pad under the crane at the line", () => {
  const given = (crane: Partial<LineCraneState>, missions: DispatchMission[], change = {}) =>
    decide(viewOf(yard, { missions, lineCranes: [{ ...FREE, ...crane }], ...change }));

  it("is given to one container at a time, the most urgent first", () => {
    const { commands, missionReasons } = given({}, [wantsPad("m-1"), wantsPad("m-2", 5)]);
    expect(commands).toEqual([{ kind: "assign-pad", missionId: "m-2", padStationId: PAD }]);
    expect(missionReasons.get("m-1")).toEqual({ code: "waits-for-pad" });
  });

  it("is given to nobody while a mission has it", () => {
    const { commands } = given({}, [wantsPad("m-1")], { heldStations: held([PAD]) });
    expect(commands).toEqual([]);
  });

  it("is left to the partner for a minute when it is its turn, and no longer", () => {
    const crane = { turn: "cn", freeSinceMs: 1_000 } as const;
    expect(given(crane, [wantsPad("m-1")], { nowMs: 60_999 }).commands).toEqual([]);
    expect(given(crane, [wantsPad("m-1")], { nowMs: 61_000 }).commands).toHaveLength(1);
    // A crane that is at work has not begun to wait.
    expect(
      given({ ...crane, freeSinceMs: undefined }, [wantsPad("m-1")], { nowMs: 61_000 }).commands,
    ).toEqual([]);
  });

  it("is given to no other while the first one waits to be offered again", () => {
    const { commands, missionReasons } = given({}, [wantsPad("m-1", 5, 10_000), wantsPad("m-2")]);
    expect(commands).toEqual([]);
    expect(missionReasons.get("m-2")).toEqual({ code: "waits-for-pad" });
    expect(given({}, [wantsPad("m-1", 5, 10_000)], { nowMs: 10_000 }).commands).toHaveLength(1);
  });

  it("is given to nobody under a crane that is not fit, and that is said", () => {
    const { commands, missionReasons } = given({ isFit: false }, [wantsPad("m-1")]);
    expect(commands).toEqual([]);
    expect(missionReasons.get("m-1")).toEqual({ code: "no-line-crane" });
  });
});

describe("a container that comes by the crane", () => {
  const placed = (change: Partial<DispatchView>) => placeUnderCrane(viewOf(yard, change), line);

  it("gets the nearest vehicle, above all the one that stands at the pad, and a bay", () => {
    const vehicles = [vehicle("far", "vn.parking-1"), vehicle("near", PAD)];
    expect(placed({ vehicles })).toEqual({
      kind: "place",
      vehicleId: "near",
      bayStationId: bays[0]?.stationId,
    });
  });

  it("gets one of our own before a guest, who is to cross the line itself", () => {
    const vehicles = [vehicle("guest", "vn.buffer-in-1", { home: "cn" }), vehicle("own", "vn.parking-1")];
    expect(placed({ vehicles })).toMatchObject({ kind: "place", vehicleId: "own" });
    expect(placed({ vehicles: vehicles.slice(0, 1) })).toMatchObject({ vehicleId: "guest" });
  });

  it("is refused for now while somebody's mission has the pad", () => {
    expect(placed({ vehicles: [vehicle("v", PAD)], heldStations: held([PAD]) })).toEqual({
      kind: "no-room",
      code: "busy",
      reason: `${PAD} is m-x's`,
    });
  });

  it("is refused when no bay is free, or no vehicle", () => {
    const full = held(bays.map(({ stationId }) => stationId));
    expect(placed({ vehicles: [vehicle("v", PAD)], heldStations: full })).toMatchObject({
      code: "no-room",
      reason: "no inbound bay is free",
    });
    expect(placed({ vehicles: [vehicle("v", PAD, { loaded: true })] })).toMatchObject({
      code: "no-room",
      reason: "no vehicle is free to take it",
    });
  });
});

describe("a vehicle that has given its container to the crane", () => {
  const seen = (crane: Partial<LineCraneState>, change: Partial<DispatchView> = {}) =>
    decide(viewOf(yard, { vehicles: [vehicle("v", PAD)], lineCranes: [{ ...FREE, ...crane }], ...change }))
      .commands;

  it("stays at the pad for what the partner gives, while the crane works and for a while after", () => {
    expect(seen({ freeSinceMs: undefined })).toEqual([]);
    expect(seen({}, { nowMs: DEFAULT_RULES.patienceMs - 1 })).toEqual([]);
    expect(seen({}, { nowMs: DEFAULT_RULES.patienceMs })).toMatchObject([{ kind: "park", vehicleId: "v" }]);
  });

  it("makes room for the next container of ours, and leaves a crane that is not fit, or for a charger", () => {
    const leaves = [{ kind: "park", vehicleId: "v" }];
    expect(seen({}, { heldStations: held([PAD]) })).toMatchObject(leaves);
    expect(seen({ isFit: false })).toMatchObject(leaves);
    const low = vehicle("v", PAD, { batteryPct: DEFAULT_RULES.chargeBelowPct - 1 });
    expect(seen({}, { vehicles: [low] })).toMatchObject([{ ...leaves[0], charge: true }]);
  });
});

describe("the last vehicle of a side", () => {
  const waiting = wantsVehicle("m-1");

  it("is kept unloaded where containers come by the crane, so that some can always take one", () => {
    const one = viewOf(yard, { vehicles: [vehicle("a", "vn.crane-1")], missions: [waiting] });
    expect(decide(one)).toMatchObject({ commands: [] });
    expect(decide(one).missionReasons.get("m-1")).toEqual({ code: "no-vehicle" });
    const two = { ...one, vehicles: [...one.vehicles, vehicle("b", "vn.parking-1")] };
    expect(decide(two).commands).toMatchObject([{ kind: "assign-vehicle", missionId: "m-1" }]);
  });
});
