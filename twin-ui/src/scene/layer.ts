import type {
  AlarmView,
  ClosureView,
  DeviceView,
  LineCraneView,
  MissionView,
  SiteView,
} from "@baton/orchestrator/contract";
import type { MeshBasicMaterial, Object3D, PerspectiveCamera } from "three";
import type { FleetPoses } from "../feed/fleet.ts";
import type { MergedVehicle } from "../feed/merge.ts";
import type { LayerChoice } from "../store/scene-layers.ts";
import type { LightMix } from "./daylight.ts";
import type { Palette } from "./palette.ts";
import type { SitePlan } from "./site-plan.ts";
import type { ChainPart, WaitingArrow } from "./waiting-arrows.ts";
import type { WayList } from "./way-book.ts";

/** What a layer may know while one frame is prepared. */
export interface FrameInfo {
  readonly fleet: FleetPoses;
  /** Viewer's time since the last frame, seconds, at most 0.25: animations of things do not jump after a pause. */
  readonly deltaS: number;
  /** The same, uncapped. */
  readonly elapsedS: number;
  /** The site's clock; undefined before the first frame of a feed. */
  readonly siteNowMs: number | undefined;
  readonly camera: PerspectiveCamera;
  /** From the camera to what it looks at. */
  readonly distanceM: number;
  readonly sizePx: { readonly width: number; readonly height: number };
  readonly reducedMotion: boolean;
}

/** What changes now and then: handed to layers as a whole when any of it changed. */
export interface SlowState {
  readonly vehicles: readonly MergedVehicle[];
  readonly missions: readonly MissionView[];
  readonly alarms: readonly AlarmView[];
  readonly closures: readonly ClosureView[];
  readonly lineCranes: readonly LineCraneView[];
  /** Of both sides; the same array as before while none of them changed. */
  readonly devices: readonly DeviceView[];
  /** The vehicles' granted and planned ways, as lines; the same as before while none is another. */
  readonly ways: WayList;
  /** Who waits for whom. */
  readonly arrows: readonly WaitingArrow[];
  /** The chain of the selected vehicle, itself first; empty when it waits for nobody. */
  readonly chain: readonly ChainPart[];
  /** What the viewer wants to see. */
  readonly layers: LayerChoice;
  readonly selectedVehicleId: string | undefined;
  readonly hoveredVehicleId: string | undefined;
}

/** How the site is lit from now on. */
export interface Lighting {
  readonly mix: LightMix;
  /** From where the sun or the moon shines; z is up. */
  readonly sunFrom: { readonly x: number; readonly y: number; readonly z: number };
}

/** What shadows are drawn with: those of instances, and the others. */
export interface ShadowLook {
  readonly plain: MeshBasicMaterial;
  readonly instanced: MeshBasicMaterial;
}

/** What layers are built from; a new site or theme means new layers. */
export interface SceneInput {
  readonly site: SiteView;
  readonly plan: SitePlan;
  readonly palette: Palette;
  /** For `groundShadowOf`; the stage owns it. */
  readonly shadow: ShadowLook;
}

/**
 * One imperative part of the scene. React never touches it: the stage calls it.
 * Geometries and textures are made in the constructor and freed in `dispose`; a frame makes none.
 */
export interface Layer {
  /** Goes into the scene. */
  readonly object: Object3D;
  /** Before each drawn frame: move what moves. True when it wants another frame soon (an animation runs). */
  startFrame?(frame: FrameInfo): boolean;
  /** After slow state changed. */
  update?(state: SlowState): void;
  /** Once before the first frame, and whenever the light is another: about every minute. */
  light?(lighting: Lighting): void;
  dispose(): void;
}
