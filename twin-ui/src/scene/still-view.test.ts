import { PerspectiveCamera } from "three";
import { expect, it } from "vitest";
import { StillView } from "./still-view.ts";

it("a view is still until the camera moves, turns or zooms, or the picture has another size", () => {
  const camera = new PerspectiveCamera(38, 1.6, 1, 9000);
  const view = new StillView();
  const size = { width: 1600, height: 1000 };
  const isStillAfter = (change: () => void): boolean[] => {
    change();
    camera.updateMatrixWorld();
    camera.updateProjectionMatrix();
    return [view.isStill(camera, size), view.isStill(camera, size)];
  };
  expect(isStillAfter(() => {})).toEqual([false, true]);
  expect(isStillAfter(() => camera.position.set(0, -80, 40))).toEqual([false, true]);
  expect(isStillAfter(() => camera.lookAt(10, 0, 0))).toEqual([false, true]);
  expect(isStillAfter(() => Object.assign(camera, { fov: 30 }))).toEqual([false, true]);
  expect(isStillAfter(() => Object.assign(size, { width: 800 }))).toEqual([false, true]);
});
