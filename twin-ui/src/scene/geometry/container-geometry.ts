import {
  BoxGeometry,
  type BufferGeometry,
  DataTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  RepeatWrapping,
} from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";

/** A 40 ft high-cube container, metres. */
export const CONTAINER = { lengthM: 12.19, widthM: 2.44, heightM: 2.9 } as const;

/** The corrugation's stripes repeat this often along the long side. */
const RIBS = 34;

/**
 * A container standing on z = 0, length along x. Walls carry `u` for the corrugation texture, posts and rails
 * (a little proud of the walls) lie at `u = 0`, where the texture is white. `far` leaves out all but the corner posts.
 */
export function containerGeometry(detail: "near" | "far" = "near"): BufferGeometry {
  const { lengthM, widthM, heightM } = CONTAINER;
  const walls = new BoxGeometry(lengthM - 0.06, widthM - 0.06, heightM - 0.06);
  const uv = walls.getAttribute("uv");
  const normal = walls.getAttribute("normal");
  const position = walls.getAttribute("position");
  for (let i = 0; i < uv.count; i++) {
    const end = Math.abs(normal.getX(i)) > 0.5;
    const u = end ? (position.getY(i) / widthM + 0.5) * 4 : (position.getX(i) / lengthM + 0.5) * RIBS;
    uv.setXY(i, u, 0.5);
  }
  const parts: BufferGeometry[] = [walls];
  const plain = (box: BoxGeometry): void => {
    const boxUv = box.getAttribute("uv");
    for (let i = 0; i < boxUv.count; i++) boxUv.setXY(i, 0, 0.5);
    parts.push(box);
  };
  const x = lengthM / 2 - 0.08;
  const y = widthM / 2 - 0.07;
  const z = heightM / 2 - 0.08;
  for (const sx of [-1, 1]) {
    for (const sy of [-1, 1]) plain(new BoxGeometry(0.17, 0.15, heightM).translate(sx * x, sy * y, 0));
    if (detail === "near") plain(new BoxGeometry(0.17, widthM, 0.16).translate(sx * x, 0, z));
  }
  for (const sy of detail === "near" ? [-1, 1] : []) {
    plain(new BoxGeometry(lengthM, 0.14, 0.16).translate(0, sy * y, z));
    plain(new BoxGeometry(lengthM, 0.14, 0.16).translate(0, sy * y, -z));
  }
  const merged = mergeGeometries(parts, false);
  for (const part of parts) part.dispose();
  return merged.translate(0, 0, heightM / 2);
}

/** A container as its shadow needs it: a box. */
export function containerBox(): BufferGeometry {
  const { lengthM, widthM, heightM } = CONTAINER;
  return new BoxGeometry(lengthM, widthM, heightM).translate(0, 0, heightM / 2);
}

/** Light and shade of corrugated steel across one rib. */
export function corrugationTexture(): DataTexture {
  const shades = [255, 250, 232, 198, 176, 182, 206, 240];
  const data = new Uint8Array(shades.flatMap((shade) => [shade, shade, shade, 255]));
  const texture = new DataTexture(data, shades.length, 1);
  texture.wrapS = RepeatWrapping;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.anisotropy = 4;
  texture.needsUpdate = true;
  return texture;
}
