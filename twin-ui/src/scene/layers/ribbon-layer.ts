import { MAX_VEHICLES } from "@baton/orchestrator/contract";
import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DynamicDrawUsage,
  FloatType,
  Group,
  Mesh,
  MeshBasicMaterial,
  RedFormat,
} from "three";
import type { Fleet } from "../../feed/fleet.ts";
import { type Band, BandArena } from "../geometry/band-arena.ts";
import type { Polyline } from "../geometry/polyline.ts";
import { TriangleWriter } from "../geometry/ribbon.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ABNORMAL } from "../palette.ts";
import { grantedBand, PLANNED_DASH, plannedBand, WayProgress, writeClosed } from "../ribbons.ts";
import type { SitePlan } from "../site-plan.ts";
import type { Stretch, Way } from "../way-book.ts";

const NO_WAYS: readonly Way[] = [];
const ROWS_A_LINE = 64;
/** Vehicles whose ribbons are put together in one frame; the others follow in the next ones. */
const WRITES_A_FRAME = 120;

/** Flat triangles that are drawn as one mesh. */
class RibbonMesh {
  readonly mesh: Mesh<BufferGeometry, MeshBasicMaterial>;

  constructor(colour: string, opacity: number) {
    const material = new MeshBasicMaterial({ color: colour, transparent: true, opacity, depthWrite: false });
    this.mesh = new Mesh(new BufferGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 3;
    this.mesh.matrixAutoUpdate = false;
    this.mesh.visible = false;
  }

  /** Sends what changed; everything when the array is another, since it has grown. */
  send(
    name: string,
    array: Float32Array,
    itemSize: number,
    changed: Iterable<{ readonly first: number; readonly count: number }>,
  ): void {
    const { geometry } = this.mesh;
    const attribute = geometry.getAttribute(name);
    if (!(attribute instanceof BufferAttribute) || attribute.array !== array) {
      // Free the old buffers: a geometry keeps them until told.
      geometry.dispose();
      geometry.setAttribute(name, new BufferAttribute(array, itemSize).setUsage(DynamicDrawUsage));
      return;
    }
    for (const { first, count } of changed) attribute.addUpdateRange(first * itemSize, count * itemSize);
    attribute.needsUpdate = true;
  }

  draw(count: number): void {
    this.mesh.geometry.setDrawRange(0, count);
    this.mesh.visible = count > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

/** The bands of all vehicles of one kind. The band of each road is made once, whoever drives it. */
class Bands {
  readonly ribbon: RibbonMesh;
  readonly #arena = new BandArena();
  readonly #bandOf: (road: Polyline) => Band;
  readonly #made = new Map<Polyline, Band>();

  constructor(ribbon: RibbonMesh, bandOf: (road: Polyline) => Band) {
    this.ribbon = ribbon;
    this.#bandOf = bandOf;
  }

  put(row: number, stretch: Stretch | undefined): void {
    if (stretch === undefined) {
      this.#arena.drop(row);
      return;
    }
    const pieces = stretch.lines.map((road, i) => ({
      band: this.#band(road),
      startM: stretch.startM[i] ?? 0,
    }));
    this.#arena.put(row, pieces);
  }

  send(): void {
    const changed = this.#arena.takeChanges();
    if (changed.length === 0) return;
    this.ribbon.send("position", this.#arena.positions, 3, changed);
    this.ribbon.send("way", this.#arena.marks, 2, changed);
    this.ribbon.draw(this.#arena.owners === 0 ? 0 : this.#arena.count);
  }

  #band(road: Polyline): Band {
    let band = this.#made.get(road);
    if (band === undefined) {
      band = this.#bandOf(road);
      this.#made.set(road, band);
    }
    return band;
  }
}

/**
 * What each vehicle may drive (granted, solid) and hopes to drive (planned, dashed), and what is closed (barred). Three draw
 * calls at most. A vehicle's ribbons are put together when its way changes, so many in a frame; that they end at its nose,
 * and the dashes, are seen to by the graphics hardware, which is told with each frame how far along its way each vehicle is.
 */
export class RibbonLayer implements Layer {
  readonly object = new Group();
  readonly #fleet: Fleet;
  readonly #granted: Bands;
  readonly #planned: Bands;
  readonly #closed: RibbonMesh;
  readonly #closedWriter = new TriangleWriter();
  readonly #roads: SitePlan["roads"];
  /** From where on each vehicle's way is drawn, metres; by the vehicle's index in the fleet, as all that follows. */
  readonly #fromM = new Float32Array(MAX_VEHICLES);
  readonly #fromTexture: DataTexture;
  readonly #drawn: (Way | undefined)[] = new Array(MAX_VEHICLES).fill(undefined);
  readonly #progress: (WayProgress | undefined)[] = new Array(MAX_VEHICLES).fill(undefined);
  /** The pass over all ways in which each was seen last. */
  readonly #seenIn = new Float64Array(MAX_VEHICLES);
  #closures: SlowState["closures"] = [];
  #ways: readonly Way[] = NO_WAYS;
  #pass: { readonly ways: readonly Way[]; readonly fleetCount: number; number: number } = {
    ways: NO_WAYS,
    fleetCount: 0,
    number: 0,
  };
  /** Ways that are left to look at in this pass, and which is next. */
  #left = 0;
  #next = 0;

  constructor(input: SceneInput, fleet: Fleet) {
    this.#fleet = fleet;
    this.#roads = input.plan.roads;
    this.#fromTexture = new DataTexture(
      this.#fromM,
      ROWS_A_LINE,
      MAX_VEHICLES / ROWS_A_LINE,
      RedFormat,
      FloatType,
    );
    const granted = new RibbonMesh(input.palette.ribbon, 0.62);
    const ahead = `way.x - texelFetch(fromM, ivec2(int(way.y + 0.5) % ${ROWS_A_LINE}, int(way.y + 0.5) / ${ROWS_A_LINE}), 0).r`;
    drawOnly(granted.mesh.material, ahead, "wayM >= 0.0", { fromM: { value: this.#fromTexture } });
    const planned = new RibbonMesh(input.palette.ribbonPlanned, 0.5);
    const period = (PLANNED_DASH.onM + PLANNED_DASH.offM).toFixed(3);
    drawOnly(planned.mesh.material, "way.x", `mod(wayM, ${period}) < ${PLANNED_DASH.onM.toFixed(3)}`, {});
    this.#granted = new Bands(granted, grantedBand);
    this.#planned = new Bands(planned, plannedBand);
    this.#closed = new RibbonMesh(ABNORMAL.critical, 0.8);
    this.object.add(granted.mesh, planned.mesh, this.#closed.mesh);
  }

  update(state: SlowState): void {
    if (this.#closures !== state.closures) {
      this.#closures = state.closures;
      this.#showClosed();
    }
    this.#ways = state.layers.ways ? state.ways : NO_WAYS;
  }

  startFrame({ fleet }: FrameInfo): boolean {
    // A way of a vehicle that no pose has come for yet has to be looked at again.
    if (this.#ways !== this.#pass.ways || fleet.count !== this.#pass.fleetCount) this.#begin(fleet.count);
    if (this.#left > 0) this.#goOn();
    let isMoved = false;
    for (let row = 0; row < fleet.count; row++) {
      const progress = this.#progress[row];
      if (progress === undefined) continue;
      const fromM = Math.fround(progress.fromM(fleet.xM[row] ?? 0, fleet.yM[row] ?? 0));
      if (fromM === this.#fromM[row]) continue;
      this.#fromM[row] = fromM;
      isMoved = true;
    }
    if (isMoved) this.#fromTexture.needsUpdate = true;
    return this.#left > 0;
  }

  dispose(): void {
    this.#granted.ribbon.dispose();
    this.#planned.ribbon.dispose();
    this.#closed.dispose();
    this.#fromTexture.dispose();
  }

  /** A pass over all ways, from where the last one was: where they change faster than they are drawn, each has its turn. */
  #begin(fleetCount: number): void {
    this.#pass = { ways: this.#ways, fleetCount, number: this.#pass.number + 1 };
    this.#left = this.#ways.length;
    if (this.#left === 0) this.#end();
  }

  #goOn(): void {
    const { ways, number } = this.#pass;
    for (let writes = 0; this.#left > 0 && writes < WRITES_A_FRAME; this.#left--) {
      this.#next = (this.#next + 1) % ways.length;
      const way = ways[this.#next];
      const row = way === undefined ? undefined : this.#fleet.indexOf(way.vehicleId);
      if (row === undefined) continue;
      this.#seenIn[row] = number;
      if (this.#drawn[row] === way) continue;
      this.#write(row, way);
      writes++;
    }
    if (this.#left === 0) this.#end();
    this.#granted.send();
    this.#planned.send();
  }

  /** Who has no way any more has no ribbon. */
  #end(): void {
    for (let row = 0; row < this.#fleet.poses.count; row++)
      if (this.#drawn[row] !== undefined && this.#seenIn[row] !== this.#pass.number)
        this.#write(row, undefined);
    this.#granted.send();
    this.#planned.send();
  }

  #write(row: number, way: Way | undefined): void {
    const before = this.#drawn[row];
    this.#drawn[row] = way;
    if (before?.planned !== way?.planned) this.#planned.put(row, way?.planned);
    if (before?.granted === way?.granted) return;
    this.#granted.put(row, way?.granted);
    this.#progress[row] = way?.granted === undefined ? undefined : new WayProgress(way.granted);
  }

  #showClosed(): void {
    const writer = this.#closedWriter;
    writer.reset();
    const edgeIds = this.#closures.flatMap((closure) => closure.edgeIds);
    writeClosed(writer, edgeIds, this.#roads);
    this.#closed.send("position", writer.positions, 3, [{ first: 0, count: writer.count }]);
    this.#closed.draw(writer.count);
  }
}

/** Draws only where a condition on `wayM` holds, which is told for each vertex in the terms of its `way`. */
function drawOnly(
  material: MeshBasicMaterial,
  wayM: string,
  condition: string,
  uniforms: Readonly<Record<string, { readonly value: DataTexture }>>,
): void {
  const sampler = "fromM" in uniforms ? "uniform sampler2D fromM;" : "";
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", `#include <common>\nattribute vec2 way;\n${sampler}\nvarying float wayM;`)
      .replace("#include <begin_vertex>", `#include <begin_vertex>\nwayM = ${wayM};`);
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <common>", "#include <common>\nvarying float wayM;")
      .replace("void main() {", `void main() {\nif (!(${condition})) discard;`);
  };
  // Two materials of one kind share a program unless they say that they differ.
  material.customProgramCacheKey = () => condition;
}
