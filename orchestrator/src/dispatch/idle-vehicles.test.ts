import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { miniSite } from "../mission/testing/two-sides.ts";
import { decide } from "./dispatch.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { held, vehicleAt, viewOf, wantsVehicle } from "./testing/seen.ts";
import type { DispatchVehicle, DispatchView } from "./view.ts";
import { yardOfSite } from "./yard-of-site.ts";

const yard = yardOfSite(await miniSite(), "vn");
const nodeAt = (stationId: string): NodeId | undefined =>
  yard.stations.find((one) => one.stationId === stationId)?.nodeId;
const vehicle = (name: string, stationId: string, change: Partial<DispatchVehicle> = {}): DispatchVehicle =>
  vehicleAt(yard, name, stationId, change);
const view = (change: Partial<DispatchView>): DispatchView => viewOf(yard, change);

describe("an idle vehicle", () => {
  it("with a low battery goes to a charger, from a crane and from a parking place", () => {
    const { commands } = decide(
      view({
        vehicles: [
          vehicle("a", "vn.crane-1", { batteryPct: 40 }),
          vehicle("b", "vn.parking-1", { batteryPct: 20 }),
        ],
      }),
    );
    expect(commands.map((command) => command.kind === "park" && command.charge)).toEqual([true, true]);
  });

  it("that is charged makes room for one that needs it", () => {
    const vehicles = [
      vehicle("full", "vn.charger-1", { batteryPct: 95 }),
      vehicle("half", "vn.charger-2", { batteryPct: 70, charging: true }),
      vehicle("low", "vn.parking-1", { batteryPct: 20 }),
    ];
    expect(decide(view({ vehicles })).commands).toMatchObject([
      { kind: "park", vehicleId: "full", charge: false },
      { kind: "park", vehicleId: "low", stationId: "vn.charger-1", charge: true },
    ]);
    expect(decide(view({ vehicles: vehicles.slice(0, 2) })).commands).toEqual([]);
  });

  it("that has to leave a crane charges when it can use it, and leaves chargers to others when not", () => {
    const leaving = (batteryPct: number) =>
      decide(
        view({
          vehicles: [vehicle("v", "vn.crane-3", { batteryPct })],
          heldStations: held("vn.crane-1", "vn.crane-2"),
        }),
      ).commands;
    expect(leaving(70)).toMatchObject([{ kind: "park", charge: true }]);
    expect(leaving(80)).toMatchObject([{ kind: "park", charge: false }]);
  });

  it("at a charger that does not charge is told to, unless it has enough", () => {
    const seen = (change: Partial<DispatchVehicle>) =>
      decide(view({ vehicles: [vehicle("v", "vn.charger-1", change)] })).commands;
    expect(seen({ batteryPct: 70 })).toEqual([
      { kind: "park", vehicleId: "v", stationId: "vn.charger-1", charge: true },
    ]);
    expect(seen({ batteryPct: 70, charging: true })).toEqual([]);
    expect(seen({ batteryPct: 99 })).toEqual([]);
  });

  it("at a charger is taken for a mission once it has enough", () => {
    const seen = (batteryPct: number) =>
      decide(
        view({
          vehicles: [vehicle("v", "vn.charger-1", { batteryPct, charging: true })],
          missions: [wantsVehicle("m-1")],
        }),
      ).commands;
    expect(seen(59)).toEqual([]);
    expect(seen(61)).toMatchObject([{ kind: "assign-vehicle", vehicleId: "v" }]);
  });

  it("that carries a load is left where it is", () => {
    const decision = decide(view({ vehicles: [vehicle("v", "vn.crane-1", { loaded: true })] }));
    expect(decision.commands).toEqual([]);
    expect(decision.vehicleReasons.get("v" as VehicleId)?.code).toBe("loaded");
  });
});

describe("a vehicle on its way to a place", () => {
  const bound = (stationId: string, change: Partial<DispatchVehicle> = {}) =>
    vehicle("v-1", "vn.crane-1", {
      stationId: undefined,
      nodeId: nodeAt("vn.crane-1"),
      movingTo: stationId as StationId,
      turnsAt: nodeAt("vn.parking-1") ?? ("" as NodeId),
      ...change,
    });
  const assigned = (...vehicles: DispatchVehicle[]) =>
    decide(view({ vehicles, missions: [wantsVehicle("m-1")] })).commands.filter(
      ({ kind }) => kind === "assign-vehicle",
    );

  it("is called off to a container, at the cost of its way from where it can turn", () => {
    const [command] = assigned(bound("vn.parking-2"));
    expect(command).toMatchObject({ missionId: "m-1", vehicleId: "v-1" });
    const [standing] = assigned(vehicle("v-1", "vn.parking-1"));
    expect(command).toEqual(standing);
  });

  it("is not when its way there is granted to the end, or it needs the charger that it goes to", () => {
    const { turnsAt: _granted, ...toTheEnd } = bound("vn.parking-2");
    const charger = yard.stations.find(({ kind }) => kind === "charger")?.stationId ?? "";
    expect(assigned(toTheEnd)).toEqual([]);
    expect(assigned(bound(charger, { batteryPct: DEFAULT_RULES.takeFromChargerPct - 1 }))).toEqual([]);
    expect(assigned(bound(charger, { batteryPct: DEFAULT_RULES.takeFromChargerPct }))).toHaveLength(1);
  });

  it("is left alone when nothing waits, or another one is nearer", () => {
    expect(decide(view({ vehicles: [bound("vn.parking-2")] })).commands).toEqual([]);
    const far = bound("vn.parking-2", { turnsAt: nodeAt("vn.parking-8") ?? ("" as NodeId) });
    expect(assigned(far, vehicle("near", "vn.crane-2"))).toMatchObject([{ vehicleId: "near" }]);
  });
});
