import type { SiteView } from "@baton/orchestrator/contract";
import { BufferGeometry, Color, Float32BufferAttribute, Mesh, MeshBasicMaterial } from "three";
import { hatchOf, type Outline, writeStripes } from "../geometry/hatch.ts";
import { polylineOf } from "../geometry/polyline.ts";
import { type Dash, TriangleWriter, writeBand } from "../geometry/ribbon.ts";
import type { Layer, SceneInput, SlowState } from "../layer.ts";

/** Over the ways, which are wider, and under what drives. */
const HEIGHT_M = 0.085;
const LINE_M = 0.28;
const STRIPE_M = 0.14;
const STRIPES_FAINTER = 0.5;

/** Told apart by their lines, not by colour. */
interface Look {
  readonly dash?: Dash;
  readonly opacity: number;
  /** Distance of the stripes. */
  readonly hatchM?: number;
}
const FENCE: Look = { opacity: 0.75, hatchM: 4 };
const ZONES: Readonly<Record<NonNullable<SiteView["zones"]>[number]["kind"], Look>> = {
  RELEASE: { opacity: 0.8, dash: { onM: 2.4, offM: 1.2 } },
  BLOCKED: { opacity: 0.85, hatchM: 1.6 },
  LINE_GUIDED: { opacity: 0.6, dash: { onM: 0.5, offM: 1 } },
  SPEED_LIMIT: { opacity: 0.6, dash: { onM: 0.5, offM: 1 } },
};

/** Ground with a rule of its own: fenced ground, and the zones of vehicles of VDA 5050 3.0. One draw call, none where there is none. */
export class AreaLayer implements Layer {
  readonly object: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #isAny: boolean;

  constructor({ site, palette }: SceneInput) {
    const writer = new TriangleWriter();
    const colours: number[] = [];
    const ink = new Color(palette.marking);
    const write = (outline: Outline, look: Look): void => {
      const paint = (opacity: number): void => {
        while (colours.length < writer.count * 4) colours.push(ink.r, ink.g, ink.b, opacity);
      };
      writeOutline(writer, outline, look.dash);
      paint(look.opacity);
      if (look.hatchM !== undefined) writeStripes(writer, hatchOf(outline, look.hatchM), STRIPE_M, HEIGHT_M);
      paint(look.opacity * STRIPES_FAINTER);
    };
    for (const fence of site.fences ?? []) write(fence, FENCE);
    for (const zone of site.zones ?? []) write(zone, ZONES[zone.kind]);
    this.#isAny = writer.count > 0;
    const geometry = new BufferGeometry();
    const used = writer.positions.slice(0, writer.count * 3);
    geometry.setAttribute("position", new Float32BufferAttribute(used, 3));
    geometry.setAttribute("color", new Float32BufferAttribute(colours, 4));
    const material = new MeshBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false });
    this.object = new Mesh(geometry, material);
    this.object.renderOrder = 3;
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
    this.object.visible = this.#isAny;
  }

  update({ layers }: SlowState): void {
    this.object.visible = this.#isAny && layers.areas;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}

function writeOutline(writer: TriangleWriter, { xM, yM }: Outline, dash: Dash | undefined): void {
  const line = polylineOf([...xM, xM[0] ?? 0], [...yM, yM[0] ?? 0]);
  if (line === undefined) return;
  const band = { fromM: 0, toM: line.lengthM, rightM: -LINE_M / 2, leftM: LINE_M / 2, z: HEIGHT_M };
  writeBand(writer, line, band, dash);
}
