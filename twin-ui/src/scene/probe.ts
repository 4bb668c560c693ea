/** What a browser test or a colleague at the console may read; nothing here changes anything. */
export interface TwinProbe {
  readonly ready: boolean;
  /** Draw calls of the last drawn frame. */
  readonly drawCalls: number;
  readonly triangles: number;
  /** Of the last frame: how long all layers took to prepare it, milliseconds of the page's thread. */
  readonly prepareMs: number;
  /** The same, layer by layer. */
  readonly layersMs: Readonly<Record<string, number>>;
  /** Names of the layers that have something to show: the way that a vehicle tells only while there is one. */
  readonly layersShown: readonly string[];
  /** Of the last frame: how long the page's thread took to tell the graphics hardware what to draw. */
  readonly renderMs: number;
  /** How long the layers took to take in the last change of slow state. */
  readonly updateMs: number;
  /** What the graphics hardware keeps; constant while nothing is built. */
  readonly geometries: number;
  readonly textures: number;
  /** The site's clock as the page knows it; undefined before the first frame of a feed. */
  readonly siteNowMs: number | undefined;
  /** The moment of the site's clock that is drawn, a little behind; undefined as before. */
  readonly shownAtMs: number | undefined;
  /** When it was drawn, ms UTC by the viewer's clock. */
  readonly drawnAtMs: number;
  /** The camera is on its way to another view. */
  readonly isFlying: boolean;
  /** Frames drawn since the scene was made. */
  readonly frames: number;
  /** As drawn, site frame. `ageMs` is how old they look: 0 while their feed flows. */
  readonly vehicles: () => readonly {
    vehicleId: string;
    xM: number;
    yM: number;
    loaded: boolean;
    ageMs: number;
  }[];
}

declare global {
  interface Window {
    /** For browser tests and the curious: what is drawn. Read-only, part of the page's documented surface. */
    readonly __batonTwin?: TwinProbe;
  }
}

/** Lets `window.__batonTwin` answer from the stage; the returned function takes it away. */
export function publishProbe(read: () => TwinProbe): () => void {
  Object.defineProperty(window, "__batonTwin", { configurable: true, get: read });
  return () => {
    Object.defineProperty(window, "__batonTwin", { configurable: true, value: undefined });
  };
}
