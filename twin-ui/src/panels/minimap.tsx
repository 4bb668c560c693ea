import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../app/live-twin.ts";
import { drawMinimap, minimapOf, placeAt, roadsOf, SIZE_PX } from "./minimap-picture.ts";

const EVERY_MS = 200;
/** An arrow key moves the view by so much of the site's length. */
const STEP_PART = 0.04;

/** The whole site at a glance: where vehicles are, where the picture looks, and a way to look elsewhere. */
export function Minimap() {
  const { t } = useTranslation();
  const live = useLive();
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useMemo(() => minimapOf(live.site), [live.site]);

  useEffect(() => {
    const roads = roadsOf(map);
    const draw = (): void => {
      const context = canvas.current?.getContext("2d");
      if (context === null || context === undefined) return;
      const { selectedVehicleId } = live.store.getState();
      drawMinimap(context, map, {
        roads,
        poses: live.fleet.poses,
        selected: selectedVehicleId,
        footprint: live.commands?.footprint() ?? [],
        style: getComputedStyle(context.canvas),
      });
    };
    draw();
    const timer = setInterval(draw, EVERY_MS);
    return () => clearInterval(timer);
  }, [live, map]);

  const onPointer = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = placeAt(
      map,
      ((event.clientX - box.left) / box.width) * SIZE_PX.width,
      ((event.clientY - box.top) / box.height) * SIZE_PX.height,
    );
    live.commands?.lookAt(at.xM, at.yM);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const across = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const up = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const corners = live.commands?.footprint() ?? [];
    if ((across === 0 && up === 0) || corners.length === 0) return;
    event.preventDefault();
    const { bounds } = map;
    const mean = (of: (corner: { xM: number; yM: number }) => number): number =>
      corners.reduce((sum, corner) => sum + of(corner), 0) / corners.length;
    const clamp = (value: number, from: number, to: number): number => Math.max(from, Math.min(to, value));
    live.commands?.lookAt(
      clamp(
        mean(({ xM }) => xM) + across * STEP_PART * (bounds.maxXM - bounds.minXM),
        bounds.minXM,
        bounds.maxXM,
      ),
      clamp(mean(({ yM }) => yM) + up * 20, bounds.minYM, bounds.maxYM),
    );
  };

  return (
    <button
      type="button"
      data-over-scene
      className="minimap"
      aria-label={t("minimap.label")}
      title={t("minimap.label")}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} width={SIZE_PX.width * 2} height={SIZE_PX.height * 2} />
    </button>
  );
}
