import type { LineCraneView, SiteView } from "@baton/orchestrator/contract";
import { Mesh, MeshLambertMaterial, PerspectiveCamera } from "three";
import { expect, it } from "vitest";
import { Fleet } from "../../feed/fleet.ts";
import { DEFAULT_LAYERS } from "../../store/scene-layers.ts";
import { groundShadowLook } from "../ground-shadow.ts";
import type { FrameInfo, SlowState } from "../layer.ts";
import { PALETTES } from "../palette.ts";
import { planSite } from "../site-plan.ts";
import { NO_WAYS } from "../way-book.ts";
import { LineCraneLayer } from "./line-crane-layer.ts";

const pad = (stationId: string, side: "vn" | "cn", xM: number): SiteView["stations"][number] => ({
  stationId,
  kind: "transfer-pad",
  bound: "none",
  side,
  xM,
  yM: 0,
  headingRad: 0,
  lengthM: 16,
  widthM: 4,
  heightM: 12,
});

const site: SiteView = {
  siteId: "made-up",
  side: "vn",
  name: { vi: "made up", zh: "made up", en: "made up" },
  lanes: [],
  stations: [pad("vn.pad", "vn", -60), pad("cn.pad", "cn", 60)],
  roads: [],
  vehicleClasses: [],
  feeds: [],
};

const driving: LineCraneView = {
  deviceId: "line.crane",
  padStationIds: { vn: "vn.pad", cn: "cn.pad" },
  phase: "landing",
  holder: "vn",
  isFit: true,
  spreader: {
    atMs: 0,
    at: { alongM: -60, heightM: 10.4, course: [{ alongM: 60, heightM: 10.4, inMs: 120_000 }] },
  },
};

const slow = (crane: LineCraneView): SlowState => ({
  vehicles: [],
  missions: [],
  alarms: [],
  closures: [],
  lineCranes: [crane],
  devices: [],
  ways: NO_WAYS,
  arrows: [],
  chain: [],
  layers: DEFAULT_LAYERS,
  selectedVehicleId: undefined,
  hoveredVehicleId: undefined,
});

const at = (siteNowMs: number): FrameInfo => ({
  fleet: new Fleet().poses,
  deltaS: 0.03,
  elapsedS: 0.03,
  siteNowMs,
  camera: new PerspectiveCamera(),
  distanceM: 100,
  sizePx: { width: 800, height: 600 },
  reducedMotion: false,
});

/** How bright each of its materials is, of the three colours together. */
function brightness(layer: LineCraneLayer): readonly number[] {
  const found = new Set<MeshLambertMaterial>();
  layer.object.traverse((part) => {
    if (part instanceof Mesh && part.material instanceof MeshLambertMaterial) found.add(part.material);
  });
  return [...found].map(({ color: { r, g, b } }) => r + g + b);
}

it("a crane at the line that has fallen silent stays where it was when it was missed, dimmed, until it is heard again", () => {
  const palette = PALETTES.dark;
  const layer = new LineCraneLayer({
    site,
    plan: planSite(site),
    palette,
    shadow: groundShadowLook(palette).look,
  });
  const drawnAt = (crane: LineCraneView, siteNowMs: number) => {
    layer.update(slow(crane));
    const isMoving = layer.startFrame(at(siteNowMs));
    return { alongM: layer.object.children[0]?.position.x, isMoving };
  };
  expect(drawnAt(driving, 30_000)).toEqual({ alongM: -30, isMoving: true });
  const fresh = brightness(layer);
  expect(fresh.length).toBeGreaterThanOrEqual(3);

  const silent = { ...driving, isFit: false, silentSinceMs: 30_000 };
  expect(drawnAt(silent, 90_000)).toEqual({ alongM: -30, isMoving: false });
  for (const [i, was] of fresh.entries()) expect(brightness(layer)[i]).toBeLessThan(was * 0.5);

  expect(drawnAt(driving, 90_000)).toEqual({ alongM: 30, isMoving: true });
  expect(brightness(layer)).toEqual(fresh);
  layer.dispose();
});
