import { type ClosureView, MAX_VEHICLES } from "@baton/orchestrator/contract";
import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DynamicDrawUsage,
  Float32BufferAttribute,
  FloatType,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  MeshBasicMaterial,
  RedFormat,
  RGBAFormat,
} from "three";
import { closureKind } from "../../feed/closure-kind.ts";
import type { Fleet } from "../../feed/fleet.ts";
import { PIECE_FLOATS, PieceArena } from "../geometry/piece-arena.ts";
import { TriangleWriter } from "../geometry/ribbon.ts";
import { RoadSections, STRIP_SECTIONS } from "../geometry/road-sections.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ABNORMAL } from "../palette.ts";
import {
  GRANTED_HALF_M,
  PLANNED_DASH,
  PLANNED_HALF_M,
  RIBBON_Z_M,
  WayProgress,
  writeClosed,
} from "../ribbons.ts";
import type { SitePlan } from "../site-plan.ts";
import { NO_WAYS, newWays, type Stretch, type Way, type WayList } from "../way-book.ts";

const ROWS_A_LINE = 64;
const SECTIONS_A_LINE = 1024;
/** Vehicles whose ribbons are put together in one frame; the others follow in the next ones. */
const WRITES_A_FRAME = 120;

/** A strip of so many cross-sections, which the graphics hardware puts where each piece of a way is. */
function stripGeometry(): InstancedBufferGeometry {
  const positions: number[] = [];
  const index: number[] = [];
  for (let section = 0; section < STRIP_SECTIONS; section++) {
    positions.push(section, -1, 0, section, 1, 0);
    const at = section * 2;
    if (section + 1 < STRIP_SECTIONS) index.push(at, at + 2, at + 3, at, at + 3, at + 1);
  }
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
  geometry.setIndex(index);
  geometry.instanceCount = 0;
  return geometry;
}

/** The ribbons of all vehicles of one kind: a vehicle's way is told as the pieces of roads that it is made of. */
class Ways {
  readonly mesh: Mesh<InstancedBufferGeometry, MeshBasicMaterial>;
  readonly #arena: PieceArena;

  constructor(material: MeshBasicMaterial, roads: RoadSections) {
    this.#arena = new PieceArena(roads);
    this.mesh = asGround(new Mesh(stripGeometry(), material));
    this.#setPieces();
  }

  put(row: number, stretch: Stretch | undefined): void {
    if (stretch === undefined) this.#arena.drop(row);
    else this.#arena.put(row, stretch.roads, stretch.startM);
  }

  send(): void {
    const change = this.#arena.takeChange();
    if (change === undefined) return;
    const { geometry } = this.mesh;
    const attribute = geometry.getAttribute("piece");
    if (attribute instanceof InstancedBufferAttribute && attribute.array === this.#arena.pieces) {
      attribute.addUpdateRange(change.first * PIECE_FLOATS, change.count * PIECE_FLOATS);
      attribute.needsUpdate = true;
    } else {
      // It has grown. Free the old buffers: a geometry keeps them until told.
      geometry.dispose();
      this.#setPieces();
    }
    geometry.instanceCount = this.#arena.count;
    this.mesh.visible = this.#arena.owners > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }

  #setPieces(): void {
    const pieces = new InstancedBufferAttribute(this.#arena.pieces, PIECE_FLOATS);
    this.mesh.geometry.setAttribute("piece", pieces.setUsage(DynamicDrawUsage));
  }
}

function asGround<M extends Mesh>(mesh: M): M {
  mesh.frustumCulled = false;
  mesh.renderOrder = 3;
  mesh.matrixAutoUpdate = false;
  mesh.visible = false;
  return mesh;
}

const flat = (colour: string, opacity: number): MeshBasicMaterial =>
  new MeshBasicMaterial({ color: colour, transparent: true, opacity, depthWrite: false });

/**
 * What each vehicle may drive (granted, solid) and hopes to drive (planned, dashed), and what is closed (barred; calmly
 * where it is so in normal work). Four draw calls at most. The graphics hardware knows all roads, and of a vehicle's way it is told which of them, when that changes, so many
 * ways in a frame. It sees to the dashes, and to it that ribbons end at the nose: told with each frame how far each vehicle is.
 */
export class RibbonLayer implements Layer {
  readonly object = new Group();
  readonly #fleet: Fleet;
  readonly #granted: Ways;
  readonly #planned: Ways;
  readonly #closed: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #kept: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #sections: DataTexture;
  readonly #roads: SitePlan["roads"];
  /** From where on each vehicle's way is drawn, metres; by the vehicle's index in the fleet, as all that follows. */
  readonly #fromM = new Float32Array(MAX_VEHICLES);
  readonly #fromTexture: DataTexture;
  readonly #drawn: (Way | undefined)[] = new Array(MAX_VEHICLES).fill(undefined);
  readonly #progress: (WayProgress | undefined)[] = new Array(MAX_VEHICLES).fill(undefined);
  #closures: SlowState["closures"] = [];
  #ways: WayList = NO_WAYS;
  /** Ways that are another than what is drawn, by vehicle, in the order in which they first were. */
  readonly #waiting = new Map<string, Way>();

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
    const roads = new RoadSections(input.plan.roads.values(), SECTIONS_A_LINE);
    this.#sections = new DataTexture(
      roads.sections,
      SECTIONS_A_LINE,
      roads.sections.length / SECTIONS_A_LINE / 4,
      RGBAFormat,
      FloatType,
    );
    this.#sections.needsUpdate = true;
    const uniforms = { sections: { value: this.#sections }, fromM: { value: this.#fromTexture } };
    const granted = flat(input.palette.ribbon, 0.62);
    drawOnly(granted, GRANTED_HALF_M, "wayM >= passedM", uniforms);
    const planned = flat(input.palette.ribbonPlanned, 0.5);
    const period = (PLANNED_DASH.onM + PLANNED_DASH.offM).toFixed(3);
    drawOnly(planned, PLANNED_HALF_M, `mod(wayM, ${period}) < ${PLANNED_DASH.onM.toFixed(3)}`, uniforms);
    this.#granted = new Ways(granted, roads);
    this.#planned = new Ways(planned, roads);
    this.#closed = asGround(new Mesh(new BufferGeometry(), flat(ABNORMAL.critical, 0.8)));
    this.#kept = asGround(new Mesh(new BufferGeometry(), flat(input.palette.ribbonPlanned, 0.5)));
    this.object.add(this.#granted.mesh, this.#planned.mesh, this.#closed, this.#kept);
  }

  update(state: SlowState): void {
    if (this.#closures !== state.closures) {
      this.#closures = state.closures;
      const isKept = ({ closureId }: ClosureView): boolean => closureKind(closureId).kind === "kept";
      this.#bar(
        this.#closed,
        state.closures.filter((closure) => !isKept(closure)),
      );
      this.#bar(this.#kept, state.closures.filter(isKept));
    }
    const ways = state.layers.ways ? state.ways : NO_WAYS;
    if (ways === this.#ways) return;
    for (const way of newWays(this.#ways, ways)) this.#waiting.set(way.vehicleId, way);
    this.#ways = ways;
  }

  startFrame({ fleet }: FrameInfo): boolean {
    const isMore = this.#waiting.size > 0 && this.#writeWaiting();
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
    return isMore;
  }

  dispose(): void {
    this.#granted.dispose();
    this.#planned.dispose();
    for (const { geometry, material } of [this.#closed, this.#kept]) {
      geometry.dispose();
      material.dispose();
    }
    this.#fromTexture.dispose();
    this.#sections.dispose();
  }

  /** So many of those that wait; true when others are left. Who has not been seen anywhere yet has no place, and goes on waiting. */
  #writeWaiting(): boolean {
    let writes = 0;
    for (const [vehicleId, way] of this.#waiting) {
      const row = this.#fleet.indexOf(vehicleId);
      if (row === undefined) continue;
      if (writes === WRITES_A_FRAME) break;
      this.#waiting.delete(vehicleId);
      if (this.#drawn[row] === way) continue;
      this.#write(row, way);
      writes++;
    }
    if (writes === 0) return false;
    this.#granted.send();
    this.#planned.send();
    return writes === WRITES_A_FRAME;
  }

  #write(row: number, way: Way): void {
    const before = this.#drawn[row];
    const { granted, planned } = way;
    this.#drawn[row] = way;
    if (before?.planned !== planned) this.#planned.put(row, planned);
    if (before?.granted === granted) return;
    this.#granted.put(row, granted);
    this.#progress[row] = granted === undefined ? undefined : new WayProgress(granted, this.#progress[row]);
  }

  #bar(mesh: Mesh, closures: readonly ClosureView[]): void {
    const writer = new TriangleWriter();
    const edgeIds = closures.flatMap((closure) => closure.edgeIds);
    writeClosed(writer, edgeIds, this.#roads);
    const { geometry } = mesh;
    // Free the old buffers: a geometry keeps them until told.
    geometry.dispose();
    const positions = writer.positions.slice(0, writer.count * 3);
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    mesh.visible = writer.count > 0;
  }
}

/**
 * Puts each cross-section of a strip to where it belongs, this half of a width to either side, and draws only where a
 * condition holds, on how far along its way a point is (`wayM`) and how far its owner is (`passedM`).
 */
function drawOnly(
  material: MeshBasicMaterial,
  halfM: number,
  condition: string,
  uniforms: Readonly<Record<"sections" | "fromM", { readonly value: DataTexture }>>,
): void {
  const texel = (index: string, aLine: number): string =>
    `ivec2((${index}) % ${aLine}, (${index}) / ${aLine}), 0`;
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = shader.vertexShader
      .replace(
        "#include <common>",
        `#include <common>
        attribute vec4 piece;
        uniform sampler2D sections;
        uniform sampler2D fromM;
        varying float wayM;
        flat varying float passedM;`,
      )
      .replace(
        "#include <begin_vertex>",
        `int at = int(piece.x + min(position.x, max(piece.y - 1.0, 0.0)) + 0.5);
        vec4 section = texelFetch(sections, ${texel("at", SECTIONS_A_LINE)});
        vec2 left = vec2(-sin(section.z), cos(section.z));
        vec3 transformed = vec3(section.xy + left * position.y * ${halfM.toFixed(3)}, ${RIBBON_Z_M.toFixed(3)});
        int owner = int(piece.w + 0.5);
        wayM = piece.z + section.w;
        passedM = texelFetch(fromM, ${texel("owner", ROWS_A_LINE)}).r;`,
      );
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <common>", "#include <common>\nvarying float wayM;\nflat varying float passedM;")
      .replace("void main() {", `void main() {\nif (!(${condition})) discard;`);
  };
  // Two materials of one kind share a program unless they say that they differ.
  material.customProgramCacheKey = () => condition;
}
