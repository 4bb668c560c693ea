import { InstancedMesh, type Mesh } from "three";

/**
 * Draws the first `count` instances, and marks these as changed: only they go to the graphics card, however large
 * the buffers are. A shadow that shares the matrices follows.
 */
export function commitInstances(mesh: InstancedMesh, count: number, shadow?: Mesh): void {
  mesh.count = count;
  mesh.visible = count > 0;
  if (shadow instanceof InstancedMesh) {
    shadow.count = count;
    shadow.visible = count > 0;
  }
  for (const attribute of [mesh.instanceMatrix, mesh.instanceColor]) {
    if (attribute === null || count === 0) continue;
    attribute.clearUpdateRanges();
    attribute.addUpdateRange(0, count * attribute.itemSize);
    attribute.needsUpdate = true;
  }
}
