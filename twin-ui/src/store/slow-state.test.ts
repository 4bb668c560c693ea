import { describe, expect, it } from "vitest";
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
