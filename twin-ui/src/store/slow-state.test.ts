import type { ControlFrame, VehicleView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import { vehicleIn } from "../feed/merge.ts";
import { createSlowStore } from "./slow-state.ts";

describe("the slow state", () => {
  it("counts a gap from the first loss, however often connecting again fails", () => {
    const store = createSlowStore();
    const link = (state: "lost" | "live", nowMs: number): void =>
      store.getState().receive({ kind: "link", side: "vn", state }, nowMs);
    link("live", 1_000);
    link("lost", 5_000);
    link("lost", 9_000);
    expect(store.getState().links.vn).toEqual({ state: "lost", sinceMs: 5_000 });
    link("live", 9_500);
    expect(store.getState().links.vn).toEqual({ state: "live", sinceMs: 9_500 });
  });

  it("keeps the lists as they are while only a selection changes", () => {
    const store = createSlowStore();
    const { vehicles, missions } = store.getState();
    store.getState().select("sim.a");
    expect(store.getState().vehicles).toBe(vehicles);
    expect(store.getState().missions).toBe(missions);
    expect(store.getState().selectedVehicleId).toBe("sim.a");
  });

  it("keeps every list that a change of the feed says nothing of, and each vehicle that it does not name", () => {
    const store = createSlowStore();
    const control = (frame: ControlFrame): void =>
      store.getState().receive({ kind: "control", side: "vn", frame }, 0);
    const vehicle = (vehicleId: string, batteryPct = 80): VehicleView => ({
      vehicleId,
      slot: 0,
      connection: "online",
      batteryPct,
      charging: false,
      loadIds: [],
      lastReportAtMs: 0,
      grantedEdgeIds: [],
      plannedEdgeIds: [],
    });
    control({
      kind: "snapshot",
      vehicles: [vehicle("sim.a"), vehicle("sim.b")],
      missions: [],
      alarms: [],
      borderline: { side: "vn", partner: "online", handoffs: [] },
    });
    const before = store.getState();
    control({ kind: "changes", vehicles: [vehicle("sim.b", 79)] });
    const after = store.getState();
    expect(after.missions).toBe(before.missions);
    expect(after.alarms).toBe(before.alarms);
    expect(after.devices).toBe(before.devices);
    expect(after.vehicles[0]).toBe(before.vehicles[0]);
    expect(after.vehicles[1]?.view.batteryPct).toBe(79);
    expect(vehicleIn(after.vehicles, "sim.b")).toBe(after.vehicles[1]);
    control({ kind: "changes", devices: [{ deviceId: "vn.portal-1", side: "vn", state: "away" }] });
    expect(store.getState().vehicles).toBe(after.vehicles);
    expect(store.getState().devices).toHaveLength(1);
  });

  it("remembers how fast the site's world runs", () => {
    const store = createSlowStore();
    const frame = {
      kind: "hello" as const,
      side: "vn" as const,
      siteId: "mini",
      tickMs: 200,
      speed: 4,
      nowMs: 0,
    };
    store.getState().receive({ kind: "control", side: "vn", frame }, 0);
    expect(store.getState().speed).toBe(4);
  });
});
