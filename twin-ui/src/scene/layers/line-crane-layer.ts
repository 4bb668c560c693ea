import type { LineCraneView } from "@baton/orchestrator/contract";
import { BoxGeometry, Color, Group, type Material, Mesh, MeshLambertMaterial } from "three";
import { CARRIER } from "../geometry/carrier-geometry.ts";
import { CONTAINER, containerGeometry, corrugationTexture } from "../geometry/container-geometry.ts";
import { ropesGeometry, spreaderGeometry } from "../geometry/hoist-geometry.ts";
import { SolidBuilder } from "../geometry/solid-builder.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { LineCraneMotion } from "../line-crane-motion.ts";
import { buildLineCrane, CRANE_BEAM_M } from "../station-solids.ts";
import { spreaderToldBy } from "../told-gear.ts";
import { containerColour } from "./cargo-layer.ts";

interface LineCrane {
  /** Whether it carries; and where it is, as long as the crane itself does not say so. */
  readonly motion: LineCraneMotion;
  told: LineCraneView["spreader"];
  readonly gantry: Group;
  readonly ropes: Mesh;
  readonly spreader: Mesh;
  readonly box: Mesh<ReturnType<typeof containerGeometry>, MeshLambertMaterial>;
}

/** The cranes at the line: each runs along the road between its pads, and has the container under it that hangs there. */
export class LineCraneLayer implements Layer {
  readonly object = new Group();
  readonly #stationOf: ReadonlyMap<string, { readonly xM: number; readonly yM: number }>;
  readonly #cranes = new Map<string, LineCrane>();
  readonly #painted = new MeshLambertMaterial({ vertexColors: true });
  readonly #steel = new MeshLambertMaterial({ color: "#5b6166" });
  readonly #texture = corrugationTexture();
  readonly #disposables: { dispose(): void }[] = [this.#painted, this.#steel, this.#texture];
  readonly #colour = new Color();

  constructor({ plan }: SceneInput) {
    this.#stationOf = new Map(plan.stations.map((station) => [station.stationId, station]));
  }

  update({ lineCranes }: SlowState): void {
    for (const { deviceId, padStationIds, phase, holder, containerNo, spreader } of lineCranes) {
      const crane = this.#cranes.get(deviceId) ?? this.#made(deviceId, padStationIds);
      if (crane === undefined) continue;
      crane.told = spreader;
      crane.motion.observe({
        ...(phase === undefined ? {} : { phase }),
        ...(holder === undefined ? {} : { holder }),
      });
      if (containerNo !== undefined)
        crane.box.material.color = this.#colour.set(containerColour(containerNo)).clone();
    }
  }

  startFrame({ deltaS, reducedMotion, siteNowMs }: FrameInfo): boolean {
    let moving = false;
    for (const { motion, told, gantry, ropes, spreader, box } of this.#cranes.values()) {
      const drawn =
        told === undefined || siteNowMs === undefined ? undefined : spreaderToldBy(told, siteNowMs);
      const isInMotion = motion.advance(deltaS, reducedMotion || drawn !== undefined);
      if (drawn?.isUnderWay ?? isInMotion) moving = true;
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
    const boxMaterial = new MeshLambertMaterial({ map: this.#texture });
    this.#disposables.push(boxMaterial);
    const trolley = mesh(new BoxGeometry(2.4, 5.6, 0.8).translate(0, 0, CRANE_BEAM_M + 1.3), this.#steel);
    const ropes = mesh(ropesGeometry(), this.#steel);
    const spreader = mesh(spreaderGeometry(), this.#steel);
    const box = mesh(containerGeometry(), boxMaterial);
    box.visible = false;
    hoist.add(ropes, spreader, box);
    const gantry = new Group();
    gantry.position.set(vn.xM, (vn.yM + cn.yM) / 2, 0);
    gantry.add(mesh(solids.build(), this.#painted), trolley, hoist);
    this.object.add(gantry);
    const crane = { motion, told: undefined, gantry, ropes, spreader, box };
    this.#cranes.set(deviceId, crane);
    return crane;
  }
}
