import { type PerspectiveCamera, Vector3 } from "three";
import { MapControls } from "three/addons/controls/MapControls.js";
import { turnBetween } from "../../feed/pose-track.ts";
import type { FrameInfo } from "../layer.ts";
import type { View } from "./views.ts";

const FLY_S = 0.9;
const MIN_DISTANCE_M = 12;
const MAX_DISTANCE_M = 4200;
/** How a followed vehicle is first seen: from behind its left, a little above. */
const FOLLOW = { distanceM: 46, elevationRad: 0.34, besideRad: 0.62 } as const;

const ease = (t: number): number => (t < 0.5 ? 4 * t * t * t : 1 - (-2 * t + 2) ** 3 / 2);

/**
 * The camera: dragged by hand (map controls), flown to views, or tied to a vehicle. z is up.
 * Calls `onChange` whenever the picture must be drawn anew.
 */
export class CameraRig {
  readonly controls: MapControls;
  readonly #camera: PerspectiveCamera;
  readonly #target = new Vector3();
  readonly #offset = new Vector3();
  #flight: { readonly from: View; readonly to: View; elapsedS: number } | undefined;
  #followed: { readonly vehicleId: string; xM: number; yM: number; headingRad: number } | undefined;

  constructor(camera: PerspectiveCamera, element: HTMLElement, onChange: () => void) {
    this.#camera = camera;
    camera.up.set(0, 0, 1);
    this.controls = new MapControls(camera, element);
    this.controls.enableDamping = false;
    this.controls.maxPolarAngle = 1.52;
    this.controls.minDistance = MIN_DISTANCE_M;
    this.controls.maxDistance = MAX_DISTANCE_M;
    this.controls.zoomToCursor = true;
    this.controls.addEventListener("change", onChange);
    this.controls.addEventListener("start", () => {
      this.#flight = undefined;
    });
  }

  get followedVehicleId(): string | undefined {
    return this.#followed?.vehicleId;
  }

  /** The distance between the camera and what it looks at. */
  get distanceM(): number {
    return this.#camera.position.distanceTo(this.controls.target);
  }

  /** What is looked at now, as a view that can be kept. */
  get view(): View {
    this.#offset.copy(this.#camera.position).sub(this.controls.target);
    const distanceM = this.#offset.length();
    return {
      targetXM: this.controls.target.x,
      targetYM: this.controls.target.y,
      targetZM: this.controls.target.z,
      distanceM,
      azimuthRad: Math.atan2(this.#offset.x, -this.#offset.y),
      elevationRad: Math.asin(this.#offset.z / distanceM),
    };
  }

  jumpTo(view: View): void {
    this.#flight = undefined;
    this.#apply(view);
  }

  /** Flies there within a second; without motion when the viewer wants none. */
  flyTo(view: View, reducedMotion: boolean): void {
    this.release();
    if (reducedMotion) this.jumpTo(view);
    else this.#flight = { from: this.view, to: view, elapsedS: 0 };
  }

  /** Ties the camera to a vehicle, which it first flies to. */
  follow(
    vehicleId: string,
    at: { xM: number; yM: number; headingRad: number },
    reducedMotion: boolean,
  ): void {
    this.flyTo(
      {
        targetXM: at.xM,
        targetYM: at.yM,
        targetZM: 2.2,
        distanceM: FOLLOW.distanceM,
        azimuthRad: Math.atan2(
          -Math.cos(at.headingRad + FOLLOW.besideRad),
          Math.sin(at.headingRad + FOLLOW.besideRad),
        ),
        elevationRad: FOLLOW.elevationRad,
      },
      reducedMotion,
    );
    this.#followed = { vehicleId, ...at };
  }

  release(): void {
    this.#followed = undefined;
  }

  get isFlying(): boolean {
    return this.#flight !== undefined;
  }

  /** Moves on for one frame; true while it is in flight. */
  startFrame(frame: FrameInfo): boolean {
    const flying = this.#fly(frame.elapsedS);
    this.#keepUp(frame);
    return flying;
  }

  dispose(): void {
    this.controls.dispose();
  }

  #fly(deltaS: number): boolean {
    if (this.#flight === undefined) return false;
    const { from, to } = this.#flight;
    this.#flight.elapsedS += deltaS;
    const part = ease(Math.min(1, this.#flight.elapsedS / FLY_S));
    const mix = (a: number, b: number): number => a + (b - a) * part;
    this.#apply({
      targetXM: mix(from.targetXM, to.targetXM),
      targetYM: mix(from.targetYM, to.targetYM),
      targetZM: mix(from.targetZM, to.targetZM),
      distanceM: mix(from.distanceM, to.distanceM),
      azimuthRad: turnBetween(from.azimuthRad, to.azimuthRad, part),
      elevationRad: mix(from.elevationRad, to.elevationRad),
    });
    if (part < 1) return true;
    this.#flight = undefined;
    return false;
  }

  /** Carries camera and target along with the followed vehicle; what the viewer turned or zoomed stays. */
  #keepUp({ fleet }: FrameInfo): void {
    const followed = this.#followed;
    if (followed === undefined) return;
    const i = fleet.vehicleIds.indexOf(followed.vehicleId);
    if (i < 0) return;
    const xM = fleet.xM[i] ?? 0;
    const yM = fleet.yM[i] ?? 0;
    const dxM = xM - followed.xM;
    const dyM = yM - followed.yM;
    if (dxM === 0 && dyM === 0) return;
    followed.xM = xM;
    followed.yM = yM;
    if (this.#flight !== undefined) {
      const { to, from, elapsedS } = this.#flight;
      this.#flight = {
        from,
        to: { ...to, targetXM: to.targetXM + dxM, targetYM: to.targetYM + dyM },
        elapsedS,
      };
      return;
    }
    this.controls.target.x += dxM;
    this.controls.target.y += dyM;
    this.#camera.position.x += dxM;
    this.#camera.position.y += dyM;
    this.controls.update();
  }

  #apply(view: View): void {
    const flatM = view.distanceM * Math.cos(view.elevationRad);
    this.#target.set(view.targetXM, view.targetYM, view.targetZM);
    this.controls.target.copy(this.#target);
    this.#camera.position.set(
      view.targetXM + flatM * Math.sin(view.azimuthRad),
      view.targetYM - flatM * Math.cos(view.azimuthRad),
      view.targetZM + view.distanceM * Math.sin(view.elevationRad),
    );
    this.controls.update();
  }
}
