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
import { BandArena } from "../geometry/band-arena.ts";
import type { Polyline } from "../geometry/polyline.ts";
import { TriangleWriter } from "../geometry/ribbon.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ABNORMAL } from "../palette.ts";
import { WayProgress, writeClosed, writeGranted, writePlanned } from "../ribbons.ts";
import type { SitePlan } from "../site-plan.ts";
import type { Way } from "../way-book.ts";

const NO_WAYS: readonly Way[] = [];
const ROWS_A_LINE = 64;

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

/** The bands of all vehicles of one kind, written anew only where a vehicle's line is another. */
class Bands {
  readonly #arena = new BandArena();
  readonly #drawn = new Map<string, Polyline>();
  readonly #write: (writer: TriangleWriter, line: Polyline) => void;
  readonly #withMarks: boolean;
  readonly ribbon: RibbonMesh;

  constructor(
    ribbon: RibbonMesh,
    withMarks: boolean,
    write: (writer: TriangleWriter, line: Polyline) => void,
  ) {
    this.ribbon = ribbon;
    this.#withMarks = withMarks;
    this.#write = write;
  }

  /** The lines of the vehicles that have one, with the row of each. */
  show(lines: ReadonlyMap<string, { readonly line: Polyline; readonly row: number }>): void {
    for (const vehicleId of [...this.#arena.owners()]) {
      if (lines.has(vehicleId)) continue;
      this.#arena.drop(vehicleId);
      this.#drawn.delete(vehicleId);
    }
    for (const [vehicleId, { line, row }] of lines) {
      if (this.#drawn.get(vehicleId) === line) continue;
      this.#drawn.set(vehicleId, line);
      this.#arena.put(vehicleId, row, (writer) => this.#write(writer, line));
    }
    const changed = this.#arena.takeChanges();
    if (changed.length === 0) return;
    this.ribbon.send("position", this.#arena.positions, 3, changed);
    if (this.#withMarks) this.ribbon.send("way", this.#arena.marks, 2, changed);
    this.ribbon.draw(this.#drawn.size === 0 ? 0 : this.#arena.count);
  }
}

/** A vehicle on its granted way. */
interface Driven {
  readonly granted: Polyline;
  readonly row: number;
  readonly progress: WayProgress;
}

/**
 * What each vehicle may drive (granted, solid) and hopes to drive (planned, dashed), and what is closed (barred). Three draw
 * calls at most. Ribbons are written when a way changes; that they end at the vehicles' noses is seen to by the graphics
 * hardware, which is told with each frame how far along its way each vehicle is.
 */
export class RibbonLayer implements Layer {
  readonly object = new Group();
  readonly #fleet: Fleet;
  readonly #granted: Bands;
  readonly #planned: Bands;
  readonly #closed: RibbonMesh;
  readonly #closedWriter = new TriangleWriter();
  readonly #roads: SitePlan["roads"];
  /** From where on each vehicle's way is drawn, metres; by the vehicle's index in the fleet. */
  readonly #fromM = new Float32Array(MAX_VEHICLES);
  readonly #fromTexture: DataTexture;
  readonly #driven = new Map<string, Driven>();
  #closures: SlowState["closures"] = [];
  #ways: readonly Way[] = NO_WAYS;
  #drawnWays: readonly Way[] = NO_WAYS;
  /** Ways of vehicles that no pose has come for yet. */
  #waiting = 0;

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
    drawFrom(granted.mesh.material, this.#fromTexture);
    const planned = new RibbonMesh(input.palette.ribbonPlanned, 0.5);
    this.#granted = new Bands(granted, true, writeGranted);
    this.#planned = new Bands(planned, false, writePlanned);
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
    if (this.#ways !== this.#drawnWays || this.#waiting > 0) this.#showWays();
    let isMoved = false;
    for (const { progress, row } of this.#driven.values()) {
      const fromM = Math.fround(progress.fromM(fleet.xM[row] ?? 0, fleet.yM[row] ?? 0));
      if (fromM === this.#fromM[row]) continue;
      this.#fromM[row] = fromM;
      isMoved = true;
    }
    if (isMoved) this.#fromTexture.needsUpdate = true;
    return false;
  }

  dispose(): void {
    this.#granted.ribbon.dispose();
    this.#planned.ribbon.dispose();
    this.#closed.dispose();
    this.#fromTexture.dispose();
  }

  #showWays(): void {
    this.#drawnWays = this.#ways;
    this.#waiting = 0;
    const granted = new Map<string, { readonly line: Polyline; readonly row: number }>();
    const planned = new Map<string, { readonly line: Polyline; readonly row: number }>();
    for (const way of this.#ways) {
      const row = this.#fleet.indexOf(way.vehicleId);
      if (row === undefined) {
        this.#waiting++;
        continue;
      }
      if (way.granted !== undefined) granted.set(way.vehicleId, { line: way.granted, row });
      if (way.planned !== undefined) planned.set(way.vehicleId, { line: way.planned, row });
    }
    for (const vehicleId of this.#driven.keys()) if (!granted.has(vehicleId)) this.#driven.delete(vehicleId);
    for (const [vehicleId, { line, row }] of granted) {
      if (this.#driven.get(vehicleId)?.granted === line) continue;
      this.#driven.set(vehicleId, { granted: line, row, progress: new WayProgress(line) });
    }
    this.#granted.show(granted);
    this.#planned.show(planned);
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

/** Leaves out what lies before the place along its way that the texture has for its row. */
function drawFrom(material: MeshBasicMaterial, texture: DataTexture): void {
  material.onBeforeCompile = (shader) => {
    shader.uniforms.fromM = { value: texture };
    shader.vertexShader = shader.vertexShader
      .replace(
        "#include <common>",
        "#include <common>\nattribute vec2 way;\nuniform sampler2D fromM;\nvarying float vAheadM;",
      )
      .replace(
        "#include <begin_vertex>",
        `#include <begin_vertex>
        int row = int(way.y + 0.5);
        vAheadM = way.x - texelFetch(fromM, ivec2(row % ${ROWS_A_LINE}, row / ${ROWS_A_LINE}), 0).r;`,
      );
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <common>", "#include <common>\nvarying float vAheadM;")
      .replace("void main() {", "void main() {\nif (vAheadM < 0.0) discard;");
  };
}
