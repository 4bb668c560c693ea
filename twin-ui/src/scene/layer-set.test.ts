import { Group, PerspectiveCamera } from "three";
import { describe, expect, it } from "vitest";
import { Fleet } from "../feed/fleet.ts";
import type { FrameInfo, Layer } from "./layer.ts";
import { type LayerFault, LayerSet } from "./layer-set.ts";

const FRAME: FrameInfo = {
  fleet: new Fleet().poses,
  deltaS: 0.03,
  elapsedS: 0.03,
  siteNowMs: undefined,
  camera: new PerspectiveCamera(),
  distanceM: 100,
  sizePx: { width: 100, height: 100 },
  reducedMotion: false,
};

function layer(startFrame: () => boolean): Layer & { isFreed: boolean } {
  return {
    object: new Group(),
    startFrame,
    isFreed: false,
    dispose() {
      this.isFreed = true;
    },
  };
}

describe("the layers of a scene", () => {
  it("go on when one of them throws, which is taken out, freed and named", () => {
    const faults: LayerFault[] = [];
    let drawn = 0;
    const broken = layer(() => {
      throw new Error("no texture");
    });
    const sound = layer(() => {
      drawn++;
      return true;
    });
    const set = new LayerSet(
      [
        { name: "broken", layer: broken },
        { name: "sound", layer: sound },
      ],
      (fault) => faults.push(fault),
    );
    expect(set.startFrame(FRAME)).toBe(true);
    expect(set.startFrame(FRAME)).toBe(true);
    expect(drawn).toBe(2);
    expect(faults).toEqual([{ layer: "broken", message: "no texture" }]);
    expect(broken.isFreed).toBe(true);
    expect(set.object.children).toEqual([sound.object]);
  });

  it("are all freed at the end, each once", () => {
    const one = layer(() => false);
    const set = new LayerSet([{ name: "one", layer: one }], () => {});
    set.dispose();
    expect(one.isFreed).toBe(true);
    expect(set.object.children).toEqual([]);
  });
});
