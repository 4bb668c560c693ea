import { Group } from "three";
import type { FrameInfo, Layer, Lighting, SlowState } from "./layer.ts";

export interface NamedLayer {
  readonly name: string;
  readonly layer: Layer;
}

/** A layer that threw, and what it said. */
export interface LayerFault {
  readonly layer: string;
  readonly message: string;
}

/**
 * The layers of a scene, in their order. One that throws is taken out and said so; the others go on: an operator with a
 * picture that lacks the trees is better off than one without a picture.
 */
export class LayerSet {
  readonly object = new Group();
  /** How long each layer took to prepare the last frame, milliseconds of the page's thread. */
  readonly layersMs: Record<string, number> = {};
  readonly #layers: NamedLayer[];
  readonly #onFault: (fault: LayerFault) => void;

  constructor(layers: readonly NamedLayer[], onFault: (fault: LayerFault) => void) {
    this.#layers = [...layers];
    this.#onFault = onFault;
    for (const { layer } of this.#layers) this.object.add(layer.object);
  }

  update(state: SlowState): void {
    for (const named of [...this.#layers]) this.#guarded(named, (layer) => layer.update?.(state));
  }

  light(lighting: Lighting): void {
    for (const named of [...this.#layers]) this.#guarded(named, (layer) => layer.light?.(lighting));
  }

  /** True when a layer wants another frame soon. */
  startFrame(frame: FrameInfo): boolean {
    let more = false;
    let beforeMs = performance.now();
    for (const named of [...this.#layers]) {
      this.#guarded(named, (layer) => {
        if (layer.startFrame?.(frame) === true) more = true;
      });
      const afterMs = performance.now();
      this.layersMs[named.name] = afterMs - beforeMs;
      beforeMs = afterMs;
    }
    return more;
  }

  /** Names of the layers that have something to show. */
  shown(): readonly string[] {
    return this.#layers.filter(({ layer }) => layer.object.visible).map(({ name }) => name);
  }

  dispose(): void {
    for (const { layer } of this.#layers.splice(0)) this.#takeOut(layer);
  }

  #guarded(named: NamedLayer, act: (layer: Layer) => void): void {
    try {
      act(named.layer);
    } catch (error) {
      this.#layers.splice(this.#layers.indexOf(named), 1);
      this.#takeOut(named.layer);
      const message = error instanceof Error ? error.message : String(error);
      this.#onFault({ layer: named.name, message });
    }
  }

  #takeOut(layer: Layer): void {
    this.object.remove(layer.object);
    layer.dispose();
  }
}
