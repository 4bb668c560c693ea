import type { InstancedMesh } from "three";

/** Marks the first `count` instances as changed: only these go to the graphics card, however large the buffers are. */
export function commitInstances(mesh: InstancedMesh, count: number): void {
  mesh.count = count;
  mesh.visible = count > 0;
  for (const attribute of [mesh.instanceMatrix, mesh.instanceColor]) {
    if (attribute === null || count === 0) continue;
    attribute.clearUpdateRanges();
    attribute.addUpdateRange(0, count * attribute.itemSize);
    attribute.needsUpdate = true;
  }
}
