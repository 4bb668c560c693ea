import { type BufferAttribute, InstancedMesh, type Mesh } from "three";

/** Numbers of one instance's matrix, column by column. */
const MATRIX_FLOATS = 16;

/** A matrix for each instance of a mesh that only ever stands upright: `placeUpright` writes the rest. */
export function uprightInstances(mesh: InstancedMesh): Float32Array {
  const { array } = mesh.instanceMatrix;
  if (!(array instanceof Float32Array)) throw new Error("three keeps the matrices of instances as floats");
  array.fill(0);
  for (let at = 0; at < array.length; at += MATRIX_FLOATS) {
    array[at + 10] = 1;
    array[at + 15] = 1;
  }
  return array;
}

/** Puts an upright instance to a place, turned by an angle of which sine and cosine are given. Metres. */
export function placeUpright(
  matrices: Float32Array,
  instance: number,
  xM: number,
  yM: number,
  zM: number,
  cos: number,
  sin: number,
): void {
  const first = instance * MATRIX_FLOATS;
  matrices[first] = cos;
  matrices[first + 1] = sin;
  matrices[first + 4] = -sin;
  matrices[first + 5] = cos;
  matrices[first + 12] = xM;
  matrices[first + 13] = yM;
  matrices[first + 14] = zM;
}

/**
 * Draws the first `count` instances, and marks these as changed: only they go to the graphics card, however large
 * the buffers are. A shadow that shares the matrices follows.
 */
export function commitInstances(mesh: InstancedMesh, count: number, shadow?: Mesh): void {
  showInstances(mesh, count);
  if (shadow instanceof InstancedMesh) showInstances(shadow, count);
  markChanged(mesh.instanceMatrix, count);
  if (mesh.instanceColor !== null) markChanged(mesh.instanceColor, count);
}

/** Draws the first `count` instances as they are. */
export function showInstances(mesh: InstancedMesh, count: number): void {
  mesh.count = count;
  mesh.visible = count > 0;
}

/** What instances (or vertices) `0` to `count` have is sent with the next frame; anything marked before is sent with it. */
export function markChanged(attribute: BufferAttribute, count: number): void {
  if (count === 0) return;
  attribute.clearUpdateRanges();
  attribute.addUpdateRange(0, count * attribute.itemSize);
  attribute.needsUpdate = true;
}
