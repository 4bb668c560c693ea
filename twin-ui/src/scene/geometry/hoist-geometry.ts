import { BoxGeometry, type BufferGeometry } from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import { CONTAINER } from "./container-geometry.ts";

/** Four ropes of unit height. */
export function ropesGeometry(): BufferGeometry {
  const ropes = [-2.4, 2.4].flatMap((x) =>
    [-0.8, 0.8].map((y) => new BoxGeometry(0.07, 0.07, 1).translate(x, y, 0.5)),
  );
  const merged = mergeGeometries(ropes, false);
  for (const rope of ropes) rope.dispose();
  return merged;
}

/** The frame that takes hold of a container, above its top. */
export function spreaderGeometry(): BufferGeometry {
  const parts = [
    new BoxGeometry(CONTAINER.lengthM, 0.5, 0.4).translate(0, 0, 0.3),
    new BoxGeometry(0.4, CONTAINER.widthM, 0.35).translate(CONTAINER.lengthM / 2 - 0.2, 0, 0.25),
    new BoxGeometry(0.4, CONTAINER.widthM, 0.35).translate(-CONTAINER.lengthM / 2 + 0.2, 0, 0.25),
  ];
  const merged = mergeGeometries(parts, false);
  for (const part of parts) part.dispose();
  return merged;
}
