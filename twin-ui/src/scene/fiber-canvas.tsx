import { createRoot, type ReconcilerRoot } from "@react-three/fiber";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { smoothsEdges } from "./quality.ts";

/**
 * A canvas with a fiber root that draws on demand and follows its box. In the place of fiber's own `Canvas`, which
 * would make every class of three a JSX element and so a part of the page; nothing of the scene is JSX here.
 * Contexts of the page do not reach inside: children are given what they need.
 */
export function FiberCanvas({
  children,
  fallback,
}: {
  readonly children: ReactNode;
  readonly fallback: ReactNode;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const root = useRef<ReconcilerRoot<HTMLCanvasElement> | undefined>(undefined);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = canvas.current;
    // The renderer gives the canvas a size in pixels, so that it no longer follows: its parent does.
    const parent = element?.parentElement ?? null;
    if (element === null || parent === null) return;
    const made = createRoot(element);
    root.current = made;
    const gl = { antialias: smoothsEdges(), stencil: true, powerPreference: "high-performance" as const };
    const fit = (): void => {
      const { width, height, top, left } = parent.getBoundingClientRect();
      if (width === 0 || height === 0) return;
      made
        .configure({
          gl,
          frameloop: "demand",
          dpr: [1, 2],
          camera: CAMERA,
          size: { width, height, top, left },
        })
        .catch(() => setFailed(true));
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(parent);
    return () => {
      observer.disconnect();
      root.current = undefined;
      made.unmount();
    };
  }, []);

  useEffect(() => {
    root.current?.render(children);
  });

  return (
    <>
      <canvas ref={canvas} className="scene-canvas" />
      {failed ? fallback : null}
    </>
  );
}

const CAMERA = { fov: 38, near: 1, far: 9000 };
