import { MAX_VEHICLES, PoseFlag } from "@baton/orchestrator/contract";
import {
  BufferGeometry,
  Color,
  DataTexture,
  Float32BufferAttribute,
  Group,
  InstancedMesh,
  LinearFilter,
  Matrix4,
  type Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PlaneGeometry,
} from "three";
import {
  CARRIER,
  carrierGeometry,
  WHEEL_X_M,
  WHEEL_Y_M,
  wheelGeometry,
} from "../geometry/carrier-geometry.ts";
import { polylineOf } from "../geometry/polyline.ts";
import { TriangleWriter, writeBand } from "../geometry/ribbon.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import { commitInstances } from "../instances.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ABNORMAL } from "../palette.ts";

const WHEELS = WHEEL_X_M.length * 2;
const OLD = new Color("#6c7484");
const LIVE = new Color("#ffffff");

/**
 * The carriers: bodies, wheels that turn, a soft shadow under each, and a frame around those that are selected,
 * hovered, or in trouble. Four draw calls for any number of vehicles.
 */
export class VehicleLayer implements Layer {
  readonly object = new Group();
  readonly #bodies: InstancedMesh;
  readonly #bodyShadows: Mesh;
  readonly #wheels: InstancedMesh;
  readonly #shadows: InstancedMesh;
  readonly #rings: InstancedMesh;
  readonly #disposables: { dispose(): void }[] = [];
  /** How far each vehicle's wheels have turned, radians. */
  readonly #rolledRad = new Float64Array(MAX_VEHICLES);
  readonly #base = new Matrix4();
  readonly #part = new Matrix4();
  readonly #ringColour = {
    selected: new Color("#ffffff"),
    hovered: new Color("#aebac2"),
    trouble: new Color(ABNORMAL.high),
  };
  #selectedVehicleId: string | undefined;
  #hoveredVehicleId: string | undefined;
  #capacity = 0;

  constructor({ shadow: groundShadow }: SceneInput, capacity: number) {
    this.#capacity = Math.min(MAX_VEHICLES, capacity);
    const body = new MeshLambertMaterial({ vertexColors: true });
    const wheel = new MeshLambertMaterial({ vertexColors: true });
    const texture = contactShadow();
    const shadow = new MeshBasicMaterial({
      map: texture,
      transparent: true,
      depthWrite: false,
      color: "#000000",
    });
    const ring = new MeshBasicMaterial({ transparent: true, opacity: 0.85, depthWrite: false });
    this.#bodies = new InstancedMesh(carrierGeometry(), body, this.#capacity);
    this.#wheels = new InstancedMesh(wheelGeometry(), wheel, this.#capacity * WHEELS);
    this.#shadows = new InstancedMesh(new PlaneGeometry(18.5, 6.4), shadow, this.#capacity);
    this.#rings = new InstancedMesh(frameGeometry(), ring, this.#capacity);
    this.#shadows.renderOrder = 2;
    this.#rings.renderOrder = 4;
    for (const mesh of [this.#bodies, this.#wheels, this.#shadows, this.#rings]) {
      mesh.count = 0;
      mesh.frustumCulled = false;
      this.object.add(mesh);
      this.#disposables.push(mesh, mesh.geometry);
    }
    this.#bodyShadows = groundShadowOf(this.#bodies, groundShadow);
    this.object.add(this.#bodyShadows);
    this.#bodies.setColorAt(0, LIVE);
    this.#rings.setColorAt(0, LIVE);
    this.#disposables.push(body, wheel, texture, shadow, ring);
  }

  update(state: SlowState): void {
    this.#selectedVehicleId = state.selectedVehicleId;
    this.#hoveredVehicleId = state.hoveredVehicleId;
  }

  startFrame({ fleet, deltaS }: FrameInfo): boolean {
    const count = Math.min(fleet.count, this.#capacity);
    let rings = 0;
    for (let i = 0; i < count; i++) {
      const xM = fleet.xM[i] ?? 0;
      const yM = fleet.yM[i] ?? 0;
      const flags = fleet.flags[i] ?? 0;
      const old = (flags & PoseFlag.stale) !== 0;
      this.#base.makeRotationZ(fleet.headingRad[i] ?? 0).setPosition(xM, yM, 0);
      this.#bodies.setMatrixAt(i, this.#base);
      this.#bodies.setColorAt(i, old ? OLD : LIVE);
      this.#rolledRad[i] =
        ((this.#rolledRad[i] ?? 0) + ((fleet.speedMps[i] ?? 0) * deltaS) / CARRIER.wheelRadiusM) %
        (2 * Math.PI);
      this.#placeWheels(i, this.#rolledRad[i] ?? 0);
      this.#base.setPosition(xM + 0.35, yM + 0.5, 0.05);
      this.#shadows.setMatrixAt(i, this.#base);
      const colour = this.#ringOf(fleet.vehicleIds[i] ?? "", flags);
      if (colour !== undefined) {
        this.#base.setPosition(xM, yM, 0.09);
        this.#rings.setMatrixAt(rings, this.#base);
        this.#rings.setColorAt(rings, colour);
        rings++;
      }
    }
    commitInstances(this.#bodies, count, this.#bodyShadows);
    commitInstances(this.#wheels, count * WHEELS);
    commitInstances(this.#shadows, count);
    commitInstances(this.#rings, rings);
    return false;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #placeWheels(i: number, rolledRad: number): void {
    let k = 0;
    for (const x of WHEEL_X_M) {
      for (const side of [-1, 1]) {
        this.#part.makeRotationY(rolledRad).setPosition(x, side * WHEEL_Y_M, CARRIER.wheelRadiusM);
        this.#part.premultiply(this.#base);
        this.#wheels.setMatrixAt(i * WHEELS + k, this.#part);
        k++;
      }
    }
  }

  #ringOf(vehicleId: string, flags: number): Color | undefined {
    if ((flags & PoseFlag.trouble) !== 0) return this.#ringColour.trouble;
    if (vehicleId === this.#selectedVehicleId) return this.#ringColour.selected;
    return vehicleId === this.#hoveredVehicleId ? this.#ringColour.hovered : undefined;
  }
}

/** A rounded frame around a body, flat on the ground. */
function frameGeometry(): BufferGeometry {
  const xs: number[] = [];
  const ys: number[] = [];
  const halfX = 8.6;
  const halfY = 2.9;
  const radius = 1.4;
  for (let corner = 0; corner < 4; corner++) {
    const cx = (corner === 0 || corner === 3 ? 1 : -1) * (halfX - radius);
    const cy = (corner < 2 ? 1 : -1) * (halfY - radius);
    for (let i = 0; i <= 6; i++) {
      const angle = (Math.PI / 2) * (corner + i / 6);
      xs.push(cx + radius * Math.cos(angle));
      ys.push(cy + radius * Math.sin(angle));
    }
  }
  const line = polylineOf([...xs, xs[0] ?? 0], [...ys, ys[0] ?? 0]);
  const writer = new TriangleWriter();
  if (line !== undefined)
    writeBand(writer, line, { fromM: 0, toM: line.lengthM, rightM: -0.2, leftM: 0.2, z: 0 });
  const geometry = new BufferGeometry();
  return geometry.setAttribute(
    "position",
    new Float32BufferAttribute(writer.positions.slice(0, writer.count * 3), 3),
  );
}

/** A dark rounded rectangle that fades out: what a low vehicle's shadow looks like under a soft sky. */
function contactShadow(): DataTexture {
  const width = 128;
  const height = 48;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = Math.max(0, Math.abs(((x + 0.5) / width - 0.5) * 18.5) - 7.2) / 1.9;
      const dy = Math.max(0, Math.abs(((y + 0.5) / height - 0.5) * 6.4) - 1.25) / 1.9;
      const fade = Math.max(0, 1 - Math.hypot(dx, dy)) ** 1.4;
      data.set([0, 0, 0, Math.round(125 * fade)], (y * width + x) * 4);
    }
  }
  const texture = new DataTexture(data, width, height);
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
