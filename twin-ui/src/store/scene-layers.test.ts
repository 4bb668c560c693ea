import { describe, expect, it } from "vitest";
import { DEFAULT_LAYERS, keepLayers, keptLayers } from "./scene-layers.ts";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

describe("layers of the scene", () => {
  it("are as each account left them in this browser", () => {
    const browser = storage();
    keepLayers(browser, "an", { ...DEFAULT_LAYERS, ways: false, ground: true });
    expect(keptLayers(browser, "an")).toEqual({ ...DEFAULT_LAYERS, ways: false, ground: true });
    expect(keptLayers(browser, "binh")).toEqual(DEFAULT_LAYERS);
  });

  it("are the usual ones when what was kept cannot be read, or says nothing of a layer", () => {
    const browser = storage();
    for (const text of ["{", "null", "7", '{"ways":"no"}']) {
      browser.setItem("baton.layers.an", text);
      expect(keptLayers(browser, "an")).toEqual(DEFAULT_LAYERS);
    }
    browser.setItem("baton.layers.an", '{"names":false,"gone":true}');
    expect(keptLayers(browser, "an")).toEqual({ ...DEFAULT_LAYERS, names: false });
  });
});
