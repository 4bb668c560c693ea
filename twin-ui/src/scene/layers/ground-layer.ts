import { BufferGeometry, Color, Float32BufferAttribute, Mesh, MeshLambertMaterial } from "three";
import { extended, type Polyline, placeAt, polylineOf } from "../geometry/polyline.ts";
import { TriangleWriter, writeBand } from "../geometry/ribbon.ts";
import type { Layer, SceneInput } from "../layer.ts";
import { type SitePlan, type StationView, sideAt } from "../site-plan.ts";

const EDGE_LINE_M = 0.22;
const MARK_PIECE_M = 2;
/** Bands of edges that follow each other overlap by this much. */
const OVERLAP_M = 0.4;
const ARROW_EVERY_M = 55;
const STOP_LINE_KINDS: ReadonlySet<string> = new Set([
  "portal",
  "exit-gate",
  "entry-gate",
  "hold-line",
  "truck-gate",
]);
const BAY_KINDS: ReadonlySet<string> = new Set([
  "parking",
  "charger",
  "buffer",
  "inspection-dock",
  "transfer-pad",
  "exchange-pad",
  "first-stop",
  "hold-line",
]);

/**
 * Everything painted on the built ground, as one mesh: pads, aprons, asphalt, markings, in this order.
 * It writes no depth, so that its parts lie on each other without flicker; later triangles paint over earlier ones.
 */
export class GroundLayer implements Layer {
  readonly object: Mesh<BufferGeometry, MeshLambertMaterial>;

  constructor({ plan, palette }: SceneInput) {
    const writer = new TriangleWriter();
    const colours: number[] = [];
    const paint = (colour: string, strength = 1): void => {
      const c = new Color(colour).multiplyScalar(strength);
      while (colours.length < writer.count * 3) colours.push(c.r, c.g, c.b);
    };
    const lines: readonly { line: Polyline; longer: Polyline; widthM: number }[] = [
      ...[...plan.roads.values()].map((line) => ({
        line,
        longer: extended(line, OVERLAP_M),
        widthM: plan.roadWidthM,
      })),
      ...plan.lanes.map(({ lane, line }) => ({ line, longer: line, widthM: Math.max(lane.widthM, 3.5) })),
    ];
    for (const pad of plan.pads) {
      writer.quad(
        pad.minXM,
        pad.minYM,
        pad.maxXM,
        pad.minYM,
        pad.maxXM,
        pad.maxYM,
        pad.minXM,
        pad.maxYM,
        0.02,
      );
      paint(palette.pad[pad.side]);
    }
    for (const { longer, widthM } of lines) {
      this.#bySide(
        longer,
        (part) => writeBand(writer, part, band(part, widthM / 2 + 2.6, 0.02)),
        (side) => paint(palette.apron[side]),
      );
    }
    for (const { longer, widthM } of lines) writeBand(writer, longer, band(longer, widthM / 2 + 0.6, 0.02));
    paint(palette.asphalt);
    for (const { line, widthM } of lines) writeEdgeLines(writer, plan, line, widthM);
    paint(palette.marking, 0.9);
    for (const { line } of plan.lanes) writeArrows(writer, plan, line);
    paint(palette.marking, 0.72);
    for (const station of plan.stations) writeStationMarks(writer, station);
    paint(palette.marking, 0.82);

    const geometry = new BufferGeometry();
    const used = writer.positions.slice(0, writer.count * 3);
    geometry.setAttribute("position", new Float32BufferAttribute(used, 3));
    geometry.setAttribute("color", new Float32BufferAttribute(colours, 3));
    const normals = new Float32Array(used.length);
    for (let i = 2; i < normals.length; i += 3) normals[i] = 1;
    geometry.setAttribute("normal", new Float32BufferAttribute(normals, 3));
    const material = new MeshLambertMaterial({ vertexColors: true, depthWrite: false });
    this.object = new Mesh(geometry, material);
    this.object.renderOrder = -30;
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }

  /** Draws the parts of a line on either side of the border one after the other. */
  #bySide(line: Polyline, draw: (part: Polyline) => void, paint: (side: "vn" | "cn") => void): void {
    let from = 0;
    for (let i = 1; i <= line.xM.length; i++) {
      const side = sideAt(((line.xM[i - 1] ?? 0) + (line.xM[Math.min(i, line.xM.length - 1)] ?? 0)) / 2);
      const next = sideAt(((line.xM[i] ?? 0) + (line.xM[Math.min(i + 1, line.xM.length - 1)] ?? 0)) / 2);
      if (i < line.xM.length - 1 && side === next) continue;
      const part = polylineOf(line.xM.slice(from, i + 1), line.yM.slice(from, i + 1));
      if (part !== undefined) draw(part);
      paint(side);
      from = i;
    }
  }
}

const band = (line: Polyline, halfWidthM: number, z: number) => ({
  fromM: 0,
  toM: line.lengthM,
  rightM: -halfWidthM,
  leftM: halfWidthM,
  z,
});

/** White lines at both edges, left out where they would lie inside another road (junctions, parallel overlaps). */
function writeEdgeLines(writer: TriangleWriter, plan: SitePlan, line: Polyline, widthM: number): void {
  const offM = widthM / 2;
  for (let fromM = 0; fromM < line.lengthM; fromM += MARK_PIECE_M) {
    const toM = Math.min(line.lengthM, fromM + MARK_PIECE_M);
    const middle = placeAt(line, (fromM + toM) / 2);
    for (const sign of [-1, 1]) {
      const x = middle.xM - Math.sin(middle.headingRad) * offM * sign;
      const y = middle.yM + Math.cos(middle.headingRad) * offM * sign;
      if (plan.distanceToRoad(x, y) < offM - 0.3) continue;
      // Between two lanes side by side there is one line, broken; the lane to its right draws it.
      const beyondX = middle.xM - Math.sin(middle.headingRad) * (offM + 2.4) * sign;
      const beyondY = middle.yM + Math.cos(middle.headingRad) * (offM + 2.4) * sign;
      const between = plan.distanceToRoad(beyondX, beyondY) < 0.9;
      if (between && (sign < 0 || Math.round(fromM / MARK_PIECE_M) % 6 >= 2)) continue;
      const centre = offM * sign;
      writeBand(writer, line, {
        fromM,
        toM,
        rightM: centre - EDGE_LINE_M / 2,
        leftM: centre + EDGE_LINE_M / 2,
        z: 0.03,
      });
    }
  }
}

/** Arrows in the driving direction along a lane. */
function writeArrows(writer: TriangleWriter, plan: SitePlan, line: Polyline): void {
  for (let alongM = 20; alongM < line.lengthM - 10; alongM += ARROW_EVERY_M) {
    const { xM, yM, headingRad } = placeAt(line, alongM);
    if (plan.distanceToRoad(xM, yM) > 1) continue;
    const cos = Math.cos(headingRad);
    const sin = Math.sin(headingRad);
    const x = (a: number, b: number): number => xM + cos * a - sin * b;
    const y = (a: number, b: number): number => yM + sin * a + cos * b;
    const quad = (p: readonly (readonly [number, number])[]): void => {
      const [a, b, c, d] = p;
      if (a === undefined || b === undefined || c === undefined || d === undefined) return;
      writer.quad(x(...a), y(...a), x(...b), y(...b), x(...c), y(...c), x(...d), y(...d), 0.03);
    };
    quad([
      [-2.2, -0.14],
      [0.6, -0.14],
      [0.6, 0.14],
      [-2.2, 0.14],
    ]);
    quad([
      [0.6, -0.62],
      [2.4, 0],
      [2.4, 0],
      [0.6, 0.62],
    ]);
  }
}

/** Stop lines and bay outlines. A station's place is its centre; the nose of a standing vehicle is half a body ahead. */
function writeStationMarks(writer: TriangleWriter, station: StationView): void {
  const cos = Math.cos(station.headingRad);
  const sin = Math.sin(station.headingRad);
  const rect = (fromM: number, toM: number, rightM: number, leftM: number): void => {
    const x = (a: number, b: number): number => station.xM + cos * a - sin * b;
    const y = (a: number, b: number): number => station.yM + sin * a + cos * b;
    writer.quad(
      x(fromM, rightM),
      y(fromM, rightM),
      x(toM, rightM),
      y(toM, rightM),
      x(toM, leftM),
      y(toM, leftM),
      x(fromM, leftM),
      y(fromM, leftM),
      0.03,
    );
  };
  if (STOP_LINE_KINDS.has(station.kind)) rect(8.2, 8.75, -2, 2);
  if (BAY_KINDS.has(station.kind)) {
    const halfL = 8.2;
    const halfW = 1.95;
    for (const side of [-1, 1]) {
      for (const end of [-1, 1]) {
        // Corner brackets: the outline of a bay without a cage of lines.
        rect(
          end > 0 ? halfL - 2.4 : -halfL,
          end > 0 ? halfL : -halfL + 2.4,
          halfW * side - 0.09,
          halfW * side + 0.09,
        );
        rect(
          end * halfL - 0.09,
          end * halfL + 0.09,
          side > 0 ? halfW - 1 : -halfW,
          side > 0 ? halfW : -halfW + 1,
        );
      }
    }
  }
}
