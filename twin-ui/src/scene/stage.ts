import { PoseFlag, type SiteView } from "@baton/orchestrator/contract";
import {
  Color,
  Fog,
  type MeshBasicMaterial,
  NeutralToneMapping,
  type PerspectiveCamera,
  Raycaster,
  type Scene,
  Vector2,
  type WebGLRenderer,
} from "three";
import type { Fleet } from "../feed/fleet.ts";
import { CameraRig } from "./camera/rig.ts";
import { initialViews, type Lens, parseView, type ViewSlot, viewText } from "./camera/views.ts";
import { groundShadowMaterial } from "./ground-shadow.ts";
import type { FrameInfo, Layer, SlowState } from "./layer.ts";
import { BoundaryLayer } from "./layers/boundary-layer.ts";
import { CargoLayer } from "./layers/cargo-layer.ts";
import { FenceLayer } from "./layers/fence-layer.ts";
import { GearLayer } from "./layers/gear-layer.ts";
import { GlowLayer } from "./layers/glow-layer.ts";
import { GroundLayer } from "./layers/ground-layer.ts";
import { LabelLayer, type Translate } from "./layers/label-layer.ts";
import { LightLayer } from "./layers/light-layer.ts";
import { RibbonLayer } from "./layers/ribbon-layer.ts";
import { SkyLayer } from "./layers/sky-layer.ts";
import { StackLayer } from "./layers/stack-layer.ts";
import { StructureLayer } from "./layers/structure-layer.ts";
import { TerrainLayer } from "./layers/terrain-layer.ts";
import { VehicleLayer } from "./layers/vehicle-layer.ts";
import { PALETTES, type Palette } from "./palette.ts";
import { pickVehicle } from "./picking.ts";
import { waysOf } from "./ribbons.ts";
import { planSite, type SitePlan } from "./site-plan.ts";

/** What the stage is given to work with; it owns none of it. */
export interface StagePorts {
  readonly renderer: WebGLRenderer;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  /** Where labels go: an element over the canvas. */
  readonly labelHost: HTMLElement;
  readonly fleet: Fleet;
  readonly translate: Translate;
  /** Asks for one more drawn frame. */
  readonly invalidate: () => void;
}

/** What a browser test or a colleague at the console may read; nothing here changes anything. */
export interface TwinProbe {
  readonly ready: boolean;
  /** Draw calls of the last drawn frame. */
  readonly drawCalls: number;
  readonly triangles: number;
  /** Of the last frame: how long all layers took to prepare it, milliseconds of the page's thread. */
  readonly prepareMs: number;
  /** The same, layer by layer. */
  readonly layersMs: Readonly<Record<string, number>>;
  /** Of the last frame: how long the page's thread took to tell the graphics hardware what to draw. */
  readonly renderMs: number;
  /** How long the layers took to take in the last change of slow state. */
  readonly updateMs: number;
  /** What the graphics hardware keeps; constant while nothing is built. */
  readonly geometries: number;
  readonly textures: number;
  /** Frames drawn since the scene was made. */
  readonly frames: number;
  /** As drawn, site frame. `ageMs` is how old they look: 0 while their feed flows. */
  readonly vehicles: () => readonly {
    vehicleId: string;
    xM: number;
    yM: number;
    loaded: boolean;
    ageMs: number;
  }[];
}

const MAX_DRAWN_VEHICLES = 2048;

/** The scene, imperatively: layers in order, one camera, one frame at a time. React only mounts it. */
export class Stage {
  readonly rig: CameraRig;
  readonly #ports: StagePorts;
  readonly #plan: SitePlan;
  readonly #site: SiteView;
  readonly #raycaster = new Raycaster();
  readonly #fog: Fog;
  #palette: Palette = PALETTES.dark;
  #shadow: MeshBasicMaterial | undefined;
  #layers: readonly (readonly [name: string, layer: Layer])[] = [];
  #slow: SlowState | undefined;
  #framesDrawn = 0;
  #prepareMs = 0;
  readonly #layersMs: Record<string, number> = {};
  #renderMs = 0;
  #updateMs = 0;

  constructor(ports: StagePorts, site: SiteView) {
    this.#ports = ports;
    this.#site = site;
    this.#plan = planSite(site);
    this.#fog = new Fog("#000000");
    ports.scene.fog = this.#fog;
    ports.renderer.toneMapping = NeutralToneMapping;
    this.rig = new CameraRig(ports.camera, ports.renderer.domElement, ports.invalidate);
    this.rig.jumpTo(this.#viewOf(1));
  }

  /** Builds all layers in the colours of a theme; the old ones are freed. */
  setTheme(theme: "dark" | "light"): void {
    this.#freeLayers();
    const { fleet, labelHost, translate, scene } = this.#ports;
    const palette = PALETTES[theme];
    this.#palette = palette;
    this.#shadow = groundShadowMaterial(palette);
    const input = { site: this.#site, plan: this.#plan, palette, shadow: this.#shadow };
    this.#fog.color = new Color(palette.skyHorizon);
    scene.background = new Color(palette.skyHorizon);
    const layers: Readonly<Record<string, Layer>> = {
      sky: new SkyLayer(palette),
      light: new LightLayer(palette),
      terrain: new TerrainLayer(input),
      ground: new GroundLayer(input),
      boundary: new BoundaryLayer(input),
      structure: new StructureLayer(input),
      fence: new FenceLayer(input),
      stack: new StackLayer(input),
      glow: new GlowLayer(input),
      gear: new GearLayer(input, fleet),
      vehicle: new VehicleLayer(input, MAX_DRAWN_VEHICLES),
      cargo: new CargoLayer(input, MAX_DRAWN_VEHICLES),
      ribbon: new RibbonLayer(input, fleet),
      label: new LabelLayer(input, labelHost, translate),
    };
    this.#layers = Object.entries(layers);
    for (const [, layer] of this.#layers) scene.add(layer.object);
    if (this.#slow !== undefined) this.update(this.#slow);
    this.#ports.invalidate();
  }

  update(given: Omit<SlowState, "ways">): void {
    const before = this.#slow;
    const ways = before?.vehicles === given.vehicles ? before.ways : waysOf(given.vehicles, this.#plan.roads);
    const state = { ...given, ways };
    this.#slow = state;
    const begunMs = performance.now();
    for (const [, layer] of this.#layers) layer.update?.(state);
    this.#updateMs = performance.now() - begunMs;
    this.#ports.invalidate();
  }

  /** Prepares the frame that is drawn next. True when another should follow because something moves. */
  frame(
    elapsedS: number,
    sizePx: { readonly width: number; readonly height: number },
    reducedMotion: boolean,
  ): boolean {
    const { fleet, camera } = this.#ports;
    const nowMs = performance.now();
    const info: FrameInfo = {
      fleet: fleet.sample(nowMs),
      deltaS: Math.min(0.25, elapsedS),
      elapsedS,
      siteNowMs: fleet.siteNowMs(nowMs),
      camera,
      sizePx,
      reducedMotion,
    };
    let more = this.rig.startFrame(info);
    this.#adaptToDistance(camera);
    let beforeMs = performance.now();
    for (const [name, layer] of this.#layers) {
      if (layer.startFrame?.(info) === true) more = true;
      const afterMs = performance.now();
      this.#layersMs[name] = afterMs - beforeMs;
      beforeMs = afterMs;
    }
    this.#framesDrawn++;
    this.#prepareMs = beforeMs - nowMs;
    return more || fleet.moving;
  }

  /** Draws what `frame` has prepared. */
  draw(): void {
    const { renderer, scene, camera } = this.#ports;
    const begunMs = performance.now();
    renderer.render(scene, camera);
    this.#renderMs = performance.now() - begunMs;
  }

  /** The vehicle under a point of the view, in normalised device coordinates. */
  pick(ndcX: number, ndcY: number): string | undefined {
    this.#raycaster.setFromCamera(new Vector2(ndcX, ndcY), this.#ports.camera);
    return pickVehicle(this.#raycaster.ray, this.#ports.fleet.poses);
  }

  goTo(slot: ViewSlot, reducedMotion: boolean): void {
    this.rig.flyTo(this.#viewOf(slot), reducedMotion);
    this.#ports.invalidate();
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

  probe(): TwinProbe {
    const { renderer, fleet } = this.#ports;
    return {
      ready: this.#framesDrawn > 1,
      drawCalls: renderer.info.render.calls,
      triangles: renderer.info.render.triangles,
      prepareMs: this.#prepareMs,
      layersMs: { ...this.#layersMs },
      renderMs: this.#renderMs,
      updateMs: this.#updateMs,
      geometries: renderer.info.memory.geometries,
      textures: renderer.info.memory.textures,
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
    for (const [, layer] of this.#layers) {
      this.#ports.scene.remove(layer.object);
      layer.dispose();
    }
    this.#layers = [];
    this.#shadow?.dispose();
  }

  /** Near plane and fog follow the distance looked from: precision close by, a clear view from far. */
  #adaptToDistance(camera: PerspectiveCamera): void {
    const { distanceM } = this.rig;
    camera.near = Math.max(0.5, Math.min(12, distanceM * 0.012));
    camera.far = 9000;
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    this.#fog.near = this.#palette.fogNearM + distanceM * 0.8;
    this.#fog.far = this.#palette.fogFarM + distanceM * 2.1;
  }

  get #lens(): Lens {
    const { fov, aspect } = this.#ports.camera;
    return { fovRad: (fov * Math.PI) / 180, aspect };
  }

  #viewKey(slot: ViewSlot): string {
    return `baton.view.${this.#site.siteId}.${slot}`;
  }

  #viewOf(slot: ViewSlot) {
    return parseView(localStorage.getItem(this.#viewKey(slot))) ?? initialViews(this.#plan, this.#lens)[slot];
  }
}
