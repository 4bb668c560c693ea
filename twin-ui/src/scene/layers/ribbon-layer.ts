import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Group, Mesh, MeshBasicMaterial } from "three";
import type { Fleet } from "../../feed/fleet.ts";
import { TriangleWriter } from "../geometry/ribbon.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ABNORMAL } from "../palette.ts";
import { type Way, writeClosed, writeGranted, writePlanned } from "../ribbons.ts";
import type { SitePlan } from "../site-plan.ts";

/** Ribbons follow the vehicles this often; between, a vehicle's body covers the difference. */
const REWRITE_EVERY_S = 0.2;

const NO_WAYS: readonly Way[] = [];

/** One ribbon mesh: triangles out of a writer, drawn up to what was written. */
class RibbonMesh {
  readonly writer = new TriangleWriter();
  readonly mesh: Mesh<BufferGeometry, MeshBasicMaterial>;

  constructor(colour: string, opacity: number) {
    const material = new MeshBasicMaterial({ color: colour, transparent: true, opacity, depthWrite: false });
    this.mesh = new Mesh(new BufferGeometry(), material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 3;
    this.mesh.matrixAutoUpdate = false;
  }

  commit(): void {
    const { geometry } = this.mesh;
    const { positions, count } = this.writer;
    const attribute = geometry.getAttribute("position");
    if (!(attribute instanceof BufferAttribute) || attribute.array !== positions) {
      // The writer's array has grown: free the old buffer, a geometry keeps it until told.
      geometry.dispose();
      geometry.setAttribute("position", new BufferAttribute(positions, 3).setUsage(DynamicDrawUsage));
    } else {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, count * 3);
      attribute.needsUpdate = true;
    }
    geometry.setDrawRange(0, count);
    this.mesh.visible = count > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

/** What each vehicle may drive (granted, solid) and hopes to drive (planned, dashed), and what is closed (barred). Three draw calls at most. */
export class RibbonLayer implements Layer {
  readonly object = new Group();
  readonly #fleet: Fleet;
  readonly #granted: RibbonMesh;
  readonly #planned: RibbonMesh;
  readonly #closed: RibbonMesh;
  readonly #roads: SitePlan["roads"];
  #closures: SlowState["closures"] = [];
  #ways: readonly Way[] = NO_WAYS;
  #waitS = 0;

  constructor(input: SceneInput, fleet: Fleet) {
    this.#fleet = fleet;
    this.#granted = new RibbonMesh(input.palette.ribbon, 0.62);
    this.#planned = new RibbonMesh(input.palette.ribbonPlanned, 0.5);
    this.#closed = new RibbonMesh(ABNORMAL.critical, 0.8);
    this.#closed.mesh.visible = false;
    this.#roads = input.plan.roads;
    this.object.add(this.#granted.mesh, this.#planned.mesh, this.#closed.mesh);
  }

  update(state: SlowState): void {
    if (this.#closures !== state.closures) {
      this.#closures = state.closures;
      this.#closed.writer.reset();
      const edgeIds = state.closures.flatMap((closure) => closure.edgeIds);
      writeClosed(this.#closed.writer, edgeIds, this.#roads);
      this.#closed.commit();
    }
    const ways = state.layers.ways ? state.ways : NO_WAYS;
    if (this.#ways === ways) return;
    this.#ways = ways;
    this.#waitS = 0;
    this.#planned.writer.reset();
    for (const way of this.#ways) writePlanned(this.#planned.writer, way);
    this.#planned.commit();
  }

  startFrame({ fleet, deltaS }: FrameInfo): boolean {
    this.#waitS -= deltaS;
    if (this.#waitS > 0) return false;
    this.#waitS = REWRITE_EVERY_S;
    this.#granted.writer.reset();
    for (const way of this.#ways) {
      const i = this.#fleet.indexOf(way.vehicleId);
      if (i !== undefined)
        writeGranted(this.#granted.writer, way, { xM: fleet.xM[i] ?? 0, yM: fleet.yM[i] ?? 0 });
    }
    this.#granted.commit();
    return false;
  }

  dispose(): void {
    this.#granted.dispose();
    this.#planned.dispose();
    this.#closed.dispose();
  }
}
