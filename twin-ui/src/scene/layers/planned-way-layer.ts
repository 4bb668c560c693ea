import { MAX_WAY_POINTS } from "@baton/orchestrator/contract";
import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Line, LineBasicMaterial } from "three";
import type { Fleet } from "../../feed/fleet.ts";
import type { FrameInfo, Layer, SlowState } from "../layer.ts";
import type { Palette } from "../palette.ts";

/** Over the ribbons. */
const HEIGHT_M = 0.12;

/** The way that the selected vehicle itself says it will drive, as a thin line from where it is drawn. One draw call at most. */
export class PlannedWayLayer implements Layer {
  readonly object: Line<BufferGeometry, LineBasicMaterial>;
  readonly #fleet: Fleet;
  readonly #points = new BufferAttribute(new Float32Array(3 * (MAX_WAY_POINTS + 1)), 3);
  #vehicleId: string | undefined;

  constructor(palette: Palette, fleet: Fleet) {
    this.#fleet = fleet;
    this.#points.setUsage(DynamicDrawUsage);
    const geometry = new BufferGeometry().setAttribute("position", this.#points);
    const material = new LineBasicMaterial({ color: palette.line, depthTest: false, fog: false });
    this.object = new Line(geometry, material);
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
    this.object.renderOrder = 5;
    this.object.visible = false;
  }

  update({ vehicles, selectedVehicleId }: SlowState): void {
    const way = vehicles.find(({ vehicleId }) => vehicleId === selectedVehicleId)?.view.plannedWay;
    this.#vehicleId = way === undefined ? undefined : selectedVehicleId;
    this.object.visible = false;
    if (way === undefined) return;
    const count = Math.min(way.xM.length, way.yM.length, MAX_WAY_POINTS);
    for (let i = 0; i < count; i++) this.#points.setXYZ(i + 1, way.xM[i] ?? 0, way.yM[i] ?? 0, HEIGHT_M);
    this.object.geometry.setDrawRange(0, count + 1);
    this.#points.needsUpdate = true;
  }

  startFrame({ fleet }: FrameInfo): boolean {
    const row = this.#vehicleId === undefined ? undefined : this.#fleet.indexOf(this.#vehicleId);
    this.object.visible = row !== undefined;
    if (row === undefined) return false;
    this.#points.setXYZ(0, fleet.xM[row] ?? 0, fleet.yM[row] ?? 0, HEIGHT_M);
    this.#points.needsUpdate = true;
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
