/** Scenery must look the same on every load: noise and chance come out of coordinates and indices, not a generator. */

/** A number in [0, 1) that depends on two integers only. */
export function hash2(a: number, b: number): number {
  let h = (Math.imul(a | 0, 0x27d4eb2d) ^ Math.imul(b | 0, 0x165667b1)) | 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** A number in [0, 1) that depends on a text only (FNV-1a, mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return hash2(h, text.length);
}

const smooth = (t: number): number => t * t * (3 - 2 * t);

/** Smooth noise in [0, 1], features about one unit wide. */
export function noise2(x: number, y: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const u = smooth(x - xi);
  const v = smooth(y - yi);
  const low = hash2(xi, yi) * (1 - u) + hash2(xi + 1, yi) * u;
  const high = hash2(xi, yi + 1) * (1 - u) + hash2(xi + 1, yi + 1) * u;
  return low * (1 - v) + high * v;
}

/** 0 below `from`, 1 above `to`, smooth in between. */
export function smoothstep(from: number, to: number, value: number): number {
  return smooth(Math.max(0, Math.min(1, (value - from) / (to - from))));
}
