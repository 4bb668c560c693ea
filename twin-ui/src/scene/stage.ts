import { PoseFlag, type SiteView } from "@baton/orchestrator/contract";
import {
  Color,
  Fog,
  NeutralToneMapping,
  type PerspectiveCamera,
  Raycaster,
  type Scene,
  Vector2,
  type WebGLRenderer,
} from "three";
import type { Fleet } from "../feed/fleet.ts";
import type { GroundUse } from "../feed/ground-use.ts";
import type { MergedVehicle } from "../feed/merge.ts";
import type { Theme } from "../theme/theme-choice.ts";
import { CameraRig } from "./camera/rig.ts";
import {
  fitView,
  initialViews,
  type Lens,
  NAMED_SLOTS,
  parseView,
  VIEW_SLOTS,
  type View,
  type ViewSlot,
  viewText,
} from "./camera/views.ts";
import { lightUnder, sunAt } from "./daylight.ts";
import { type GroundShadow, groundShadowLook } from "./ground-shadow.ts";
import type { FrameInfo, Lighting, SlowState } from "./layer.ts";
import { type LayerFault, LayerSet } from "./layer-set.ts";
import type { Wording } from "./layers/label-layer.ts";
import { PALETTES, type Palette } from "./palette.ts";
import { pickVehicle } from "./picking.ts";
import type { TwinProbe } from "./probe.ts";

import { siteLayers } from "./site-layers.ts";
import { emptyBounds, grow, planSite, type SitePlan } from "./site-plan.ts";
import { chainOf, waitingArrows } from "./waiting-arrows.ts";
import { WayBook } from "./way-book.ts";

/** What the stage is given to work with; it owns none of it. */
export interface StagePorts {
  readonly renderer: WebGLRenderer;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  /** Where labels go: an element over the canvas. */
  readonly labelHost: HTMLElement;
  readonly fleet: Fleet;
  readonly groundUse: GroundUse;
  readonly wording: Wording;
  /** The light of this hour of the day instead of the site's, for pictures. */
  readonly hour: number | undefined;
  /** Asks for one more drawn frame. */
  readonly invalidate: () => void;
  /** A layer threw and is drawn no more. */
  readonly onFault: (fault: LayerFault) => void;
}

/** What the page tells the stage; the rest of the slow state follows from it. */
type GivenState = Omit<SlowState, "ways" | "arrows" | "chain">;

/** Room around several vehicles that are looked at together. */
const AROUND_M = 22;
/** A place that was pointed at is looked at from here, or from nearer. */
const LOOK_FROM_M = 190;
/** Farther away than this nothing is drawn. */
const SEEN_M = 9000;
const CORNERS = [
  [-1, 1],
  [1, 1],
  [1, -1],
  [-1, -1],
] as const;
/** The sun knows no border: Viet Nam's hour is the site's by the sun (105° E), on both sides. */
const SOLAR_OFFSET_MIN = 7 * 60;
/** Without haze one sees so many times as far. */
const CLEAR_TIMES = 8;

const byId = (vehicles: readonly MergedVehicle[], id: string | undefined): MergedVehicle | undefined =>
  vehicles.find(({ vehicleId }) => vehicleId === id);

/** The scene, imperatively: layers in order, one camera, one frame at a time. React only mounts it. */
export class Stage {
  readonly rig: CameraRig;
  readonly #ports: StagePorts;
  readonly #plan: SitePlan;
  readonly #site: SiteView;
  readonly #ways: WayBook;
  readonly #utcOffsetMin: number;
  readonly #raycaster = new Raycaster();
  readonly #fog: Fog;
  #palette: Palette = PALETTES.dark;
  #shadow: GroundShadow | undefined;
  /** The minute whose light is shown; undefined when the scene has to be lit anew. */
  #litAtMin: number | undefined;
  #layers: LayerSet | undefined;
  #slow: SlowState | undefined;
  #framesDrawn = 0;
  #prepareMs = 0;
  #renderMs = 0;
  #drawnMs = 0;
  #updateMs = 0;

  constructor(ports: StagePorts, site: SiteView) {
    this.#ports = ports;
    this.#site = site;
    this.#plan = planSite(site);
    this.#ways = new WayBook(this.#plan.roads);
    this.#utcOffsetMin =
      (site.hours ?? []).find(({ side }) => side === "vn")?.utcOffsetMinutes ?? SOLAR_OFFSET_MIN;
    this.#fog = new Fog("#000000");
    ports.scene.fog = this.#fog;
    ports.renderer.toneMapping = NeutralToneMapping;
    this.rig = new CameraRig(ports.camera, ports.renderer.domElement, ports.invalidate);
    this.rig.jumpTo(this.#keptView(1) ?? initialViews(this.#plan, this.#lens)[1]);
  }

  /** Builds all layers in the colours of a theme; the old ones are freed. */
  setTheme(theme: Theme): void {
    this.#freeLayers();
    const { scene } = this.#ports;
    const palette = PALETTES[theme];
    this.#palette = palette;
    this.#shadow = groundShadowLook(palette);
    const input = { site: this.#site, plan: this.#plan, palette, shadow: this.#shadow.look };
    scene.background = this.#fog.color;
    this.#litAtMin = undefined;
    this.#layers = new LayerSet(siteLayers(input, this.#ports), this.#ports.onFault);
    scene.add(this.#layers.object);
    if (this.#slow !== undefined) this.update(this.#slow);
    this.#ports.invalidate();
  }

  update(given: GivenState): void {
    const before = this.#slow;
    const { vehicles, selectedVehicleId, layers } = given;
    const isSameFleet = before?.vehicles === vehicles && before.layers.otherSide === layers.otherSide;
    const shown = layers.otherSide ? vehicles : vehicles.filter(({ holder }) => holder === this.#site.side);
    const areSameArrows = isSameFleet && before.selectedVehicleId === selectedVehicleId;
    const state: SlowState = {
      ...given,
      ways: isSameFleet ? before.ways : this.#ways.of(shown),
      arrows: areSameArrows ? before.arrows : waitingArrows(shown, selectedVehicleId),
      chain: areSameArrows ? before.chain : chainOf(byId(vehicles, selectedVehicleId), vehicles),
    };
    this.#slow = state;
    const begunMs = performance.now();
    this.#layers?.update(state);
    this.#updateMs = performance.now() - begunMs;
    this.#ports.invalidate();
  }

  /**
   * Prepares the frame that is drawn next. True when another should follow because something moves. `heardUntilMs`: until when
   * all that the feeds have brought has been read, by the page's clock.
   */
  frame(
    elapsedS: number,
    heardUntilMs: number,
    sizePx: { readonly width: number; readonly height: number },
    reducedMotion: boolean,
  ): boolean {
    const { fleet, camera } = this.#ports;
    const nowMs = performance.now();
    const info: FrameInfo = {
      fleet: fleet.sample(nowMs, heardUntilMs),
      deltaS: Math.min(0.25, elapsedS),
      elapsedS,
      siteNowMs: fleet.siteNowMs(nowMs),
      camera,
      distanceM: this.rig.distanceM,
      sizePx,
      reducedMotion,
    };
    let more = this.rig.startFrame(info);
    this.#adaptToDistance(camera);
    this.#lightUp(info.siteNowMs);
    if (this.#layers?.startFrame(info) === true) more = true;
    this.#framesDrawn++;
    this.#prepareMs = performance.now() - nowMs;
    return more || fleet.moving;
  }

  /** Draws what `frame` has prepared. */
  draw(): void {
    const { renderer, scene, camera } = this.#ports;
    const begunMs = performance.now();
    renderer.render(scene, camera);
    this.#drawnMs = performance.now();
    this.#renderMs = this.#drawnMs - begunMs;
  }

  /** The vehicle under a point of the view, in normalised device coordinates. */
  pick(ndcX: number, ndcY: number): string | undefined {
    this.#raycaster.setFromCamera(new Vector2(ndcX, ndcY), this.#ports.camera);
    return pickVehicle(this.#raycaster.ray, this.#ports.fleet.poses);
  }

  /** Nothing for a view that nobody has kept. */
  goTo(slot: ViewSlot, reducedMotion: boolean): void {
    const view = this.#viewOf(slot);
    if (view === undefined) return;
    this.rig.flyTo(view, reducedMotion);
    this.#ports.invalidate();
  }

  /** Numbers under which this viewer has kept a view of this site. */
  keptViews(): readonly ViewSlot[] {
    return VIEW_SLOTS.filter((slot) => this.#keptView(slot) !== undefined);
  }

  /** Keeps what is looked at now under a number, for this viewer and site. */
  keep(slot: ViewSlot): void {
    localStorage.setItem(this.#viewKey(slot), viewText(this.rig.view));
  }

  /** Follows a vehicle; false when it was never seen. */
  follow(vehicleId: string, reducedMotion: boolean): boolean {
    const { fleet } = this.#ports;
    const i = fleet.indexOf(vehicleId);
    if (i === undefined) return false;
    const { xM, yM, headingRad } = fleet.poses;
    this.rig.follow(
      vehicleId,
      { xM: xM[i] ?? 0, yM: yM[i] ?? 0, headingRad: headingRad[i] ?? 0 },
      reducedMotion,
    );
    this.#ports.invalidate();
    return true;
  }

  /** Flies to a vehicle, looking the same way, close enough to read its number. */
  show(vehicleId: string, reducedMotion: boolean): void {
    const { fleet } = this.#ports;
    const i = fleet.indexOf(vehicleId);
    if (i === undefined) return;
    const { view } = this.rig;
    const to = { ...view, targetXM: fleet.poses.xM[i] ?? 0, targetYM: fleet.poses.yM[i] ?? 0, targetZM: 2 };
    this.rig.flyTo(
      {
        ...to,
        distanceM: Math.min(view.distanceM, 85),
        elevationRad: Math.max(0.3, Math.min(0.7, view.elevationRad)),
      },
      reducedMotion,
    );
    this.#ports.invalidate();
  }

  /** Flies to where all of these vehicles are seen; those never seen are left out. */
  showAll(vehicleIds: readonly string[], reducedMotion: boolean): void {
    const { fleet } = this.#ports;
    const bounds = emptyBounds();
    for (const i of vehicleIds.map((vehicleId) => fleet.indexOf(vehicleId)).filter((i) => i !== undefined))
      grow(bounds, fleet.poses.xM[i] ?? 0, fleet.poses.yM[i] ?? 0);
    if (bounds.minXM > bounds.maxXM) return;
    const { azimuthRad, elevationRad } = this.rig.view;
    const around = {
      minXM: bounds.minXM - AROUND_M,
      maxXM: bounds.maxXM + AROUND_M,
      minYM: bounds.minYM - AROUND_M,
      maxYM: bounds.maxYM + AROUND_M,
    };
    const elevation = Math.max(0.45, Math.min(1.2, elevationRad));
    this.rig.flyTo(fitView(around, this.#lens, azimuthRad, elevation), reducedMotion);
    this.#ports.invalidate();
  }

  /** Looks at a place of the ground, the same way as now, and no farther away than that. */
  lookAt(xM: number, yM: number, reducedMotion: boolean): void {
    const { view } = this.rig;
    const distanceM = Math.min(view.distanceM, LOOK_FROM_M);
    this.rig.flyTo({ ...view, targetXM: xM, targetYM: yM, targetZM: 0, distanceM }, reducedMotion);
    this.#ports.invalidate();
  }

  /** Where the four corners of the picture meet the ground, at most as far off as the site is long; clockwise. */
  footprint(): readonly { readonly xM: number; readonly yM: number }[] {
    const { camera } = this.#ports;
    const { minXM, maxXM } = this.#plan.bounds;
    return CORNERS.map(([x, y]) => {
      this.#raycaster.setFromCamera(new Vector2(x, y), camera);
      const { origin, direction } = this.#raycaster.ray;
      const reachM = direction.z < -1e-3 ? -origin.z / direction.z : Number.POSITIVE_INFINITY;
      const alongM = Math.min(reachM, maxXM - minXM);
      return { xM: origin.x + direction.x * alongM, yM: origin.y + direction.y * alongM };
    });
  }

  probe(): TwinProbe {
    const { renderer, fleet } = this.#ports;
    return {
      ready: this.#framesDrawn > 1,
      drawCalls: renderer.info.render.calls,
      triangles: renderer.info.render.triangles,
      prepareMs: this.#prepareMs,
      layersMs: { ...this.#layers?.layersMs },
      layersShown: this.#layers?.shown() ?? [],
      renderMs: this.#renderMs,
      updateMs: this.#updateMs,
      geometries: renderer.info.memory.geometries,
      textures: renderer.info.memory.textures,
      siteNowMs: fleet.siteNowMs(performance.now()),
      shownAtMs: fleet.shownAtMs(performance.now()),
      drawnAtMs: performance.timeOrigin + this.#drawnMs,
      isFlying: this.rig.isFlying,
      frames: this.#framesDrawn,
      vehicles: () =>
        Array.from({ length: fleet.poses.count }, (_, i) => ({
          vehicleId: fleet.poses.vehicleIds[i] ?? "",
          xM: fleet.poses.xM[i] ?? 0,
          yM: fleet.poses.yM[i] ?? 0,
          loaded: ((fleet.poses.flags[i] ?? 0) & PoseFlag.loaded) !== 0,
          ageMs: fleet.poses.ageMs[i] ?? 0,
        })),
    };
  }

  dispose(): void {
    this.#freeLayers();
    this.rig.dispose();
  }

  #freeLayers(): void {
    if (this.#layers !== undefined) this.#ports.scene.remove(this.#layers.object);
    this.#layers?.dispose();
    this.#layers = undefined;
    this.#shadow?.dispose();
  }

  /** Follows the site's hour, unless the viewer wants none or nobody has told it yet. */
  #lightUp(siteNowMs: number | undefined): void {
    const { hour } = this.#ports;
    const isByHour = this.#slow?.layers.hour === true && siteNowMs !== undefined;
    const atMs = hour === undefined ? siteNowMs : hour * 3_600_000 - this.#utcOffsetMin * 60_000;
    const atMin = isByHour && atMs !== undefined ? Math.floor(atMs / 60_000) : -1;
    if (atMin === this.#litAtMin) return;
    this.#litAtMin = atMin;
    const { lights, restful, sunFrom } = this.#palette;
    const sun = isByHour && atMs !== undefined ? sunAt(atMs, this.#utcOffsetMin) : undefined;
    const lighting: Lighting =
      sun === undefined
        ? { mix: { from: restful, to: restful, part: 0 }, sunFrom }
        : { mix: lightUnder(lights, sun.height), sunFrom: sun.from };
    const { from, to, part } = lighting.mix;
    this.#fog.color.set(from.skyHorizon).lerp(new Color(to.skyHorizon), part);
    this.#shadow?.light(lighting);
    this.#layers?.light(lighting);
  }

  /** Near plane and fog follow the distance looked from: precision close by, a clear view from far. */
  #adaptToDistance(camera: PerspectiveCamera): void {
    const { distanceM } = this.rig;
    const nearM = Math.max(0.5, Math.min(12, distanceM * 0.012));
    if (camera.near !== nearM || camera.far !== SEEN_M) {
      camera.near = nearM;
      camera.far = SEEN_M;
      camera.updateProjectionMatrix();
    }
    camera.updateMatrixWorld();
    const clear = this.#slow?.layers.haze === false ? CLEAR_TIMES : 1;
    this.#fog.near = (this.#palette.fogNearM + distanceM * 0.8) * clear;
    this.#fog.far = (this.#palette.fogFarM + distanceM * 2.1) * clear;
  }

  get #lens(): Lens {
    const { fov, aspect } = this.#ports.camera;
    return { fovRad: (fov * Math.PI) / 180, aspect };
  }

  #viewKey(slot: ViewSlot): string {
    return `baton.view.${this.#site.siteId}.${slot}`;
  }

  #keptView(slot: ViewSlot): View | undefined {
    return parseView(localStorage.getItem(this.#viewKey(slot)));
  }

  #viewOf(slot: ViewSlot): View | undefined {
    const named = NAMED_SLOTS.find((each) => each === slot);
    const first = named === undefined ? undefined : initialViews(this.#plan, this.#lens)[named];
    return this.#keptView(slot) ?? first;
  }
}
