import type { PerspectiveCamera } from "three";

interface SizePx {
  readonly width: number;
  readonly height: number;
}

/** Numbers of a matrix. */
const MATRIX = 16;

/** Whether one sees from the same place, the same way, in a picture of the same size as when it was asked last. */
export class StillView {
  readonly #seen = new Float64Array(2 * MATRIX).fill(Number.NaN);
  #width = 0;
  #height = 0;

  isStill({ matrixWorldInverse, projectionMatrix }: PerspectiveCamera, { width, height }: SizePx): boolean {
    let isStill = width === this.#width && height === this.#height;
    this.#width = width;
    this.#height = height;
    for (let i = 0; i < MATRIX; i++) {
      const place = matrixWorldInverse.elements[i] ?? 0;
      const lens = projectionMatrix.elements[i] ?? 0;
      if (this.#seen[i] === place && this.#seen[MATRIX + i] === lens) continue;
      this.#seen[i] = place;
      this.#seen[MATRIX + i] = lens;
      isStill = false;
    }
    return isStill;
  }
}
