import type { LineCraneView } from "@baton/orchestrator/contract";
import { BoxGeometry, Color, Group, type Material, Mesh, MeshLambertMaterial } from "three";
import { CARRIER } from "../geometry/carrier-geometry.ts";
import { CONTAINER, containerGeometry, corrugationTexture } from "../geometry/container-geometry.ts";
import { ropesGeometry, spreaderGeometry } from "../geometry/hoist-geometry.ts";
import { SolidBuilder } from "../geometry/solid-builder.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { LineCraneMotion } from "../line-crane-motion.ts";
import { buildLineCrane, CRANE_BEAM_M } from "../station-solids.ts";
import { craneSeenAtMs, FRESH_PAINT, OLD_PAINT, spreaderToldBy } from "../told-gear.ts";
import { containerColour } from "./cargo-layer.ts";

const FRESH = new Color(FRESH_PAINT);
const OLD = new Color(OLD_PAINT);
const STEEL = "#5b6166";

/** A material of one crane: a crane that is not heard is dimmed, and another one beside it is not. */
interface Paint {
  readonly material: MeshLambertMaterial;
  /** Its colour while the crane is heard. */
  readonly fresh: Color;
}

const paintOf = (material: MeshLambertMaterial): Paint => ({ material, fresh: material.color.clone() });

interface LineCrane {
  /** Whether it carries; and where it is, as long as the crane itself does not say so. */
  readonly motion: LineCraneMotion;
  view: LineCraneView | undefined;
  readonly paints: readonly Paint[];
  readonly gantry: Group;
  readonly ropes: Mesh;
  readonly spreader: Mesh;
  readonly box: Mesh;
  readonly boxPaint: Paint;
}

/**
 * The cranes at the line: each runs along the road between its pads, and has the container under it that hangs there. One that has
 * fallen silent stays where it was on its way when it was missed, dimmed.
 */
export class LineCraneLayer implements Layer {
  readonly object = new Group();
  readonly #stationOf: ReadonlyMap<string, { readonly xM: number; readonly yM: number }>;
  readonly #cranes = new Map<string, LineCrane>();
  readonly #texture = corrugationTexture();
  readonly #disposables: { dispose(): void }[] = [this.#texture];

  constructor({ plan }: SceneInput) {
    this.#stationOf = new Map(plan.stations.map((station) => [station.stationId, station]));
  }

  update({ lineCranes }: SlowState): void {
    for (const view of lineCranes) {
      const { deviceId, padStationIds, phase, holder, containerNo, silentSinceMs } = view;
      const crane = this.#cranes.get(deviceId) ?? this.#made(deviceId, padStationIds);
      if (crane === undefined) continue;
      crane.view = view;
      crane.motion.observe({
        ...(phase === undefined ? {} : { phase }),
        ...(holder === undefined ? {} : { holder }),
      });
      if (containerNo !== undefined) crane.boxPaint.fresh.set(containerColour(containerNo));
      const dim = silentSinceMs === undefined ? FRESH : OLD;
      for (const { material, fresh } of crane.paints) material.color.copy(fresh).multiply(dim);
    }
  }

  startFrame({ deltaS, reducedMotion, siteNowMs }: FrameInfo): boolean {
    let moving = false;
    for (const { motion, view, gantry, ropes, spreader, box } of this.#cranes.values()) {
      const told = view?.spreader;
      const isSilent = view?.silentSinceMs !== undefined;
      const drawn =
        view === undefined || told === undefined || siteNowMs === undefined
          ? undefined
          : spreaderToldBy(told, craneSeenAtMs(view, siteNowMs));
      const isInMotion = motion.advance(isSilent ? 0 : deltaS, reducedMotion || drawn !== undefined);
      if (!isSilent && (drawn?.isUnderWay ?? isInMotion)) moving = true;
      const { alongM, heightM } = drawn ?? motion.pose;
      const { carrying } = motion.pose;
      gantry.position.x = alongM;
      spreader.position.z = heightM;
      ropes.position.z = heightM + 0.3;
      ropes.scale.z = CRANE_BEAM_M + 0.9 - heightM;
      box.visible = carrying;
      box.position.z = heightM - CONTAINER.heightM;
    }
    return moving;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #made(deviceId: string, pads: { readonly vn: string; readonly cn: string }): LineCrane | undefined {
    const vn = this.#stationOf.get(pads.vn);
    const cn = this.#stationOf.get(pads.cn);
    if (vn === undefined || cn === undefined) return undefined;
    const motion = new LineCraneMotion({ vn: vn.xM, cn: cn.xM }, CARRIER.deckM + CONTAINER.heightM);
    const solids = new SolidBuilder().at({ xM: 0, yM: 0 });
    buildLineCrane(solids);
    const mesh = <M extends Material>(
      geometry: BoxGeometry | ReturnType<SolidBuilder["build"]>,
      material: M,
    ) => {
      this.#disposables.push(geometry);
      return new Mesh(geometry, material);
    };
    // Vehicles stand across the road below it.
    const hoist = new Group();
    hoist.rotation.z = Math.PI / 2;
    const painted = new MeshLambertMaterial({ vertexColors: true });
    const steel = new MeshLambertMaterial({ color: STEEL });
    const boxMaterial = new MeshLambertMaterial({ map: this.#texture });
    this.#disposables.push(painted, steel, boxMaterial);
    const trolley = mesh(new BoxGeometry(2.4, 5.6, 0.8).translate(0, 0, CRANE_BEAM_M + 1.3), steel);
    const ropes = mesh(ropesGeometry(), steel);
    const spreader = mesh(spreaderGeometry(), steel);
    const box = mesh(containerGeometry(), boxMaterial);
    box.visible = false;
    hoist.add(ropes, spreader, box);
    const gantry = new Group();
    gantry.position.set(vn.xM, (vn.yM + cn.yM) / 2, 0);
    gantry.add(mesh(solids.build(), painted), trolley, hoist);
    this.object.add(gantry);
    const boxPaint = paintOf(boxMaterial);
    const paints = [paintOf(painted), paintOf(steel), boxPaint];
    const crane = { motion, view: undefined, paints, gantry, ropes, spreader, box, boxPaint };
    this.#cranes.set(deviceId, crane);
    return crane;
  }
}
