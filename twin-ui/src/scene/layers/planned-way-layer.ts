import type { VehicleView } from "@baton/orchestrator/contract";
import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Mesh, MeshBasicMaterial } from "three";
import type { Fleet } from "../../feed/fleet.ts";
import { polylineOf } from "../geometry/polyline.ts";
import { TriangleWriter, writeBand } from "../geometry/ribbon.ts";
import type { FrameInfo, Layer, SlowState } from "../layer.ts";
import type { Palette } from "../palette.ts";
import { firstAhead } from "../way-ahead.ts";

/** Over the ribbons. */
const HEIGHT_M = 0.12;
/** As wide on the screen from anywhere. */
const WIDTH_A_DISTANCE = 0.0022;
const NARROWEST_M = 0.16;
const WIDEST_M = 5;
/** The mark where the way ends, in widths of the line. */
const END_TIMES = 3.2;

/**
 * The way that the selected vehicle itself says it will drive, as a thin line from where it is drawn to a mark at its end. One
 * draw call at most.
 */
export class PlannedWayLayer implements Layer {
  readonly object: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #fleet: Fleet;
  readonly #writer = new TriangleWriter();
  #vehicleId: string | undefined;
  #way: VehicleView["plannedWay"];

  constructor(palette: Palette, fleet: Fleet) {
    this.#fleet = fleet;
    const material = new MeshBasicMaterial({
      color: palette.line,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      fog: false,
    });
    this.object = new Mesh(new BufferGeometry(), material);
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
    this.object.renderOrder = 5;
    this.object.visible = false;
  }

  update({ vehicles, selectedVehicleId }: SlowState): void {
    this.#way = vehicles.find(({ vehicleId }) => vehicleId === selectedVehicleId)?.view.plannedWay;
    this.#vehicleId = selectedVehicleId;
  }

  startFrame({ fleet, distanceM }: FrameInfo): boolean {
    const row = this.#vehicleId === undefined ? undefined : this.#fleet.indexOf(this.#vehicleId);
    const way = this.#way;
    this.object.visible = row !== undefined && way !== undefined;
    if (row === undefined || way === undefined) return false;
    const [xM, yM] = [fleet.xM[row] ?? 0, fleet.yM[row] ?? 0];
    const first = firstAhead(way, xM, yM);
    const line = polylineOf([xM, ...way.xM.slice(first)], [yM, ...way.yM.slice(first)]);
    const widthM = Math.max(NARROWEST_M, Math.min(WIDEST_M, distanceM * WIDTH_A_DISTANCE));
    this.#writer.reset();
    if (line !== undefined)
      writeBand(this.#writer, line, {
        fromM: 0,
        toM: line.lengthM,
        rightM: -widthM / 2,
        leftM: widthM / 2,
        z: HEIGHT_M,
      });
    writeDiamond(this.#writer, way.xM.at(-1) ?? xM, way.yM.at(-1) ?? yM, (widthM * END_TIMES) / 2);
    this.#send();
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }

  #send(): void {
    const { geometry } = this.object;
    const { positions, count } = this.#writer;
    const attribute = geometry.getAttribute("position");
    if (attribute instanceof BufferAttribute && attribute.array === positions) {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, count * 3);
      attribute.needsUpdate = true;
    } else {
      // The writer's array has grown: free the old buffer, a geometry keeps it until told.
      geometry.dispose();
      geometry.setAttribute("position", new BufferAttribute(positions, 3).setUsage(DynamicDrawUsage));
    }
    geometry.setDrawRange(0, count);
  }
}

function writeDiamond(writer: TriangleWriter, xM: number, yM: number, halfM: number): void {
  writer.quad(xM - halfM, yM, xM, yM - halfM, xM + halfM, yM, xM, yM + halfM, HEIGHT_M);
}
