import { type BufferGeometry, CylinderGeometry, Float32BufferAttribute } from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import { SolidBuilder } from "./solid-builder.ts";

/** The carrier as drawn: a low, flat vehicle, 15 m long, that can drive both ways. Reference point: its centre. */
export const CARRIER = { lengthM: 15, widthM: 3, deckM: 1.42, wheelRadiusM: 0.52 } as const;

/** Where its wheels are, along the body, on either side. */
const WHEEL_X_M: readonly number[] = [-5.5, -4.15, 4.15, 5.5];
const WHEEL_Y_M = 1.22;

const BODY = "#d4d8d8";
const SHADE = "#8e969a";
const DARK = "#2b3036";
const LAMP_FRONT = "#fdfbf0";
const LAMP_REAR = "#9c3a36";

/** The body without wheels: frame, deck, twist-lock guides, sensor posts, lamps (white ahead, red behind). */
export function carrierGeometry(): BufferGeometry {
  const solids = new SolidBuilder().at({ xM: 0, yM: 0 });
  const half = CARRIER.lengthM / 2;
  const deck = CARRIER.deckM;
  // A chamfered outline, so that it does not look like a plank.
  const outline = (l: number, w: number, cut: number) => [
    { xM: -l + cut, yM: -w },
    { xM: l - cut, yM: -w },
    { xM: l, yM: -w + cut },
    { xM: l, yM: w - cut },
    { xM: l - cut, yM: w },
    { xM: -l + cut, yM: w },
    { xM: -l, yM: w - cut },
    { xM: -l, yM: -w + cut },
  ];
  solids.prism(outline(half - 0.25, 1.1, 0.4), 0.42, 0.8, DARK);
  solids.prism(outline(half, 1.5, 0.55), 0.8, 1.16, BODY);
  solids.prism(outline(half - 0.1, 1.42, 0.5), 1.16, 1.24, DARK);
  solids.prism(outline(6.35, 1.32, 0.05), 1.24, deck, SHADE);
  for (const x of [-6.05, 6.05]) {
    for (const y of [-1.22, 1.22])
      solids.box({ lengthM: 0.3, widthM: 0.22, heightM: 0.34 }, { xM: x, yM: y, zM: deck - 0.05 }, DARK);
  }
  for (const end of [-1, 1]) {
    const lamp = end > 0 ? LAMP_FRONT : LAMP_REAR;
    solids.box(
      { lengthM: 0.08, widthM: 1.9, heightM: 0.16 },
      { xM: end * (half + 0.01), yM: 0, zM: 0.9 },
      lamp,
    );
    solids.box(
      { lengthM: 0.55, widthM: 2.1, heightM: 0.3 },
      { xM: end * (half - 0.55), yM: 0, zM: 1.24 },
      BODY,
    );
    for (const y of [-1.12, 1.12]) {
      solids.cylinder(0.09, { xM: end * (half - 0.5), yM: y }, 1.2, 2.05, SHADE, 6);
      solids.cylinder(0.17, { xM: end * (half - 0.5), yM: y }, 2.05, 2.3, DARK, 8);
    }
  }
  // A stripe of side lamps.
  for (const y of [-1.505, 1.505])
    solids.box({ lengthM: 11, widthM: 0.03, heightM: 0.07 }, { xM: 0, yM: y, zM: 0.95 }, LAMP_FRONT);
  return solids.build();
}

/**
 * All wheels of a carrier, lying across, with paler hubs so that one sees them turn. `axle` is where the axle of a vertex's
 * wheel is, along the body and over the ground: whoever draws it turns the wheel around that.
 */
export function wheelsGeometry(): BufferGeometry {
  const places = WHEEL_X_M.flatMap((xM) => [-WHEEL_Y_M, WHEEL_Y_M].map((yM) => ({ xM, yM })));
  const wheels = places.map(({ xM, yM }) => {
    const wheel = wheelGeometry().translate(xM, yM, CARRIER.wheelRadiusM);
    const { count } = wheel.getAttribute("position");
    const axles = Array.from({ length: count }, () => [xM, CARRIER.wheelRadiusM]).flat();
    return wheel.setAttribute("axle", new Float32BufferAttribute(axles, 2));
  });
  const merged = mergeGeometries(wheels, false);
  for (const wheel of wheels) wheel.dispose();
  return merged;
}

/** A wheel with its axle along y. */
function wheelGeometry(): BufferGeometry {
  const geometry = new CylinderGeometry(
    CARRIER.wheelRadiusM,
    CARRIER.wheelRadiusM,
    0.5,
    12,
    1,
  ).toNonIndexed();
  geometry.computeVertexNormals();
  const normal = geometry.getAttribute("normal");
  const colours: number[] = [];
  for (let i = 0; i < normal.count; i++) {
    const cap = Math.abs(normal.getY(i)) > 0.5;
    // Every other wedge of the cap is paler.
    const shade = cap && Math.floor(i / 3) % 4 < 1 ? 0.34 : cap ? 0.14 : 0.055;
    colours.push(shade, shade, shade * 1.04);
  }
  geometry.setAttribute("color", new Float32BufferAttribute(colours, 3));
  return geometry;
}
