import { MAX_VEHICLES, PoseFlag } from "@baton/orchestrator/contract";
import {
  BufferGeometry,
  Color,
  DataTexture,
  Float32BufferAttribute,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  LinearFilter,
  type Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PlaneGeometry,
} from "three";
import type { FleetPoses } from "../../feed/fleet.ts";
import { CARRIER, carrierGeometry, wheelsGeometry } from "../geometry/carrier-geometry.ts";
import { polylineOf } from "../geometry/polyline.ts";
import { TriangleWriter, writeBand } from "../geometry/ribbon.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import { commitInstances, markChanged, placeUpright, showInstances, uprightInstances } from "../instances.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ABNORMAL } from "../palette.ts";

const OLD = new Color("#6c7484");
const LIVE = new Color("#ffffff");
const RING_Z_M = 0.09;
/** Looked at from farther away, a wheel is smaller than a pixel. */
const WHEELS_SEEN_M = 700;

/**
 * The carriers: bodies, wheels that turn, a soft shadow under each, and a frame around those that are selected,
 * hovered, or in trouble. Four draw calls for any number of vehicles, which share one list of places: what stands still
 * is not written again.
 */
export class VehicleLayer implements Layer {
  readonly object = new Group();
  readonly #bodies: InstancedMesh;
  readonly #bodyShadows: Mesh;
  readonly #wheels: InstancedMesh;
  readonly #shadows: InstancedMesh;
  readonly #rings: InstancedMesh;
  readonly #disposables: { dispose(): void }[] = [];
  readonly #places: Float32Array;
  readonly #ringPlaces: Float32Array;
  /** How far each vehicle's wheels have turned, radians. */
  readonly #rolled: InstancedBufferAttribute;
  /** What was written for each vehicle last. */
  readonly #wroteXM = new Float64Array(MAX_VEHICLES).fill(Number.NaN);
  readonly #wroteYM = new Float64Array(MAX_VEHICLES);
  readonly #wroteHeadingRad = new Float64Array(MAX_VEHICLES);
  readonly #wroteOld = new Int8Array(MAX_VEHICLES).fill(-1);
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
    const wheel = rollingMaterial();
    const texture = contactShadow();
    const shadow = new MeshBasicMaterial({
      map: texture,
      transparent: true,
      depthWrite: false,
      color: "#000000",
    });
    const ring = new MeshBasicMaterial({ transparent: true, opacity: 0.85, depthWrite: false });
    this.#bodies = new InstancedMesh(carrierGeometry(), body, this.#capacity);
    this.#places = uprightInstances(this.#bodies);
    const wheels = wheelsGeometry();
    this.#rolled = new InstancedBufferAttribute(new Float32Array(this.#capacity), 1);
    wheels.setAttribute("rolledRad", this.#rolled);
    this.#wheels = new InstancedMesh(wheels, wheel, 0);
    this.#shadows = new InstancedMesh(new PlaneGeometry(18.5, 6.4).translate(0, 0, 0.05), shadow, 0);
    this.#wheels.instanceMatrix = this.#bodies.instanceMatrix;
    this.#shadows.instanceMatrix = this.#bodies.instanceMatrix;
    this.#rings = new InstancedMesh(frameGeometry(), ring, this.#capacity);
    this.#ringPlaces = uprightInstances(this.#rings);
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

  startFrame({ fleet, deltaS, distanceM }: FrameInfo): boolean {
    const count = Math.min(fleet.count, this.#capacity);
    const rolled = this.#rolled.array;
    let rings = 0;
    let areMoved = false;
    let areColoursNew = false;
    for (let i = 0; i < count; i++) {
      if (this.#isMoved(fleet, i)) {
        areMoved = true;
        this.#write(fleet, i);
      }
      const speedMps = fleet.speedMps[i] ?? 0;
      if (speedMps !== 0)
        rolled[i] = ((rolled[i] ?? 0) + (speedMps * deltaS) / CARRIER.wheelRadiusM) % (2 * Math.PI);
      const flags = fleet.flags[i] ?? 0;
      const isOld = (flags & PoseFlag.stale) === 0 ? 0 : 1;
      if (this.#wroteOld[i] !== isOld) {
        this.#wroteOld[i] = isOld;
        this.#bodies.setColorAt(i, isOld === 1 ? OLD : LIVE);
        areColoursNew = true;
      }
      const colour = this.#ringOf(fleet.vehicleIds[i] ?? "", flags);
      if (colour !== undefined) this.#putRing(fleet, i, rings++, colour);
    }
    for (const mesh of [this.#bodies, this.#bodyShadows, this.#wheels, this.#shadows])
      if (mesh instanceof InstancedMesh) showInstances(mesh, count);
    if (distanceM > WHEELS_SEEN_M) this.#wheels.visible = false;
    if (areMoved) {
      markChanged(this.#bodies.instanceMatrix, count);
      markChanged(this.#rolled, count);
    }
    if (areColoursNew && this.#bodies.instanceColor !== null) markChanged(this.#bodies.instanceColor, count);
    commitInstances(this.#rings, rings);
    return false;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #isMoved(fleet: FleetPoses, i: number): boolean {
    return (
      fleet.xM[i] !== this.#wroteXM[i] ||
      fleet.yM[i] !== this.#wroteYM[i] ||
      fleet.headingRad[i] !== this.#wroteHeadingRad[i]
    );
  }

  #write(fleet: FleetPoses, i: number): void {
    const xM = fleet.xM[i] ?? 0;
    const yM = fleet.yM[i] ?? 0;
    const headingRad = fleet.headingRad[i] ?? 0;
    this.#wroteXM[i] = xM;
    this.#wroteYM[i] = yM;
    this.#wroteHeadingRad[i] = headingRad;
    placeUpright(this.#places, i, xM, yM, 0, Math.cos(headingRad), Math.sin(headingRad));
  }

  #putRing(fleet: FleetPoses, i: number, ring: number, colour: Color): void {
    const headingRad = fleet.headingRad[i] ?? 0;
    const [xM, yM] = [fleet.xM[i] ?? 0, fleet.yM[i] ?? 0];
    placeUpright(this.#ringPlaces, ring, xM, yM, RING_Z_M, Math.cos(headingRad), Math.sin(headingRad));
    this.#rings.setColorAt(ring, colour);
  }

  #ringOf(vehicleId: string, flags: number): Color | undefined {
    if ((flags & PoseFlag.trouble) !== 0) return this.#ringColour.trouble;
    if (vehicleId === this.#selectedVehicleId) return this.#ringColour.selected;
    return vehicleId === this.#hoveredVehicleId ? this.#ringColour.hovered : undefined;
  }
}

/** Turns each wheel of an instance around its axle, by what the instance has rolled. */
function rollingMaterial(): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ vertexColors: true });
  const turned = (x: string, z: string): string =>
    `vec2(rollCos * (${x}) + rollSin * (${z}), rollCos * (${z}) - rollSin * (${x}))`;
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nattribute vec2 axle;\nattribute float rolledRad;")
      .replace(
        "#include <beginnormal_vertex>",
        `#include <beginnormal_vertex>
        float rollCos = cos(rolledRad);
        float rollSin = sin(rolledRad);
        objectNormal.xz = ${turned("objectNormal.x", "objectNormal.z")};`,
      )
      .replace(
        "#include <begin_vertex>",
        `#include <begin_vertex>
        transformed.xz = axle + ${turned("transformed.x - axle.x", "transformed.z - axle.y")};`,
      );
  };
  return material;
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
