import { PoseFlag, type SiteView } from "@baton/orchestrator/contract";
import type { FleetPoses } from "../feed/fleet.ts";
import { type Bounds, emptyBounds, grow } from "../scene/site-plan.ts";

/** In units of the page; drawn twice as fine. */
export const SIZE_PX = { width: 300, height: 74 } as const;
const MARGIN_PX = 6;
const AROUND_M = 15;

/** A site as a flat picture. A crossing is kilometres long and a hundred metres wide: across it is drawn wider than true. */
export interface MinimapPlan {
  readonly bounds: Bounds;
  readonly roads: SiteView["roads"];
  readonly pxAM: { readonly x: number; readonly y: number };
}

export function minimapOf({ roads }: Pick<SiteView, "roads">): MinimapPlan {
  const bounds = emptyBounds();
  for (const { xM, yM } of roads) xM.forEach((x, i) => void grow(bounds, x, yM[i] ?? 0));
  if (bounds.minXM > bounds.maxXM) grow(bounds, 0, 0);
  grow(bounds, bounds.minXM - AROUND_M, bounds.minYM - AROUND_M);
  grow(bounds, bounds.maxXM + AROUND_M, bounds.maxYM + AROUND_M);
  return {
    bounds,
    roads,
    pxAM: {
      x: (SIZE_PX.width - 2 * MARGIN_PX) / (bounds.maxXM - bounds.minXM),
      y: (SIZE_PX.height - 2 * MARGIN_PX) / (bounds.maxYM - bounds.minYM),
    },
  };
}

/** Where a place is in the picture. */
export const pointAt = ({ bounds, pxAM }: MinimapPlan, xM: number, yM: number) => ({
  x: MARGIN_PX + (xM - bounds.minXM) * pxAM.x,
  y: SIZE_PX.height - MARGIN_PX - (yM - bounds.minYM) * pxAM.y,
});

/** Which place a point of the picture is; never off the site. */
export function placeAt({ bounds, pxAM }: MinimapPlan, xPx: number, yPx: number): { xM: number; yM: number } {
  const clamp = (value: number, from: number, to: number): number => Math.max(from, Math.min(to, value));
  return {
    xM: clamp(bounds.minXM + (xPx - MARGIN_PX) / pxAM.x, bounds.minXM, bounds.maxXM),
    yM: clamp(bounds.minYM + (SIZE_PX.height - MARGIN_PX - yPx) / pxAM.y, bounds.minYM, bounds.maxYM),
  };
}

interface Shown {
  readonly poses: FleetPoses;
  readonly selected: string | undefined;
  readonly footprint: readonly { readonly xM: number; readonly yM: number }[];
  /** Whose custom properties say the colours. */
  readonly style: Pick<CSSStyleDeclaration, "getPropertyValue">;
}

export function drawMinimap(
  context: CanvasRenderingContext2D,
  plan: MinimapPlan,
  { poses, selected, footprint, style }: Shown,
): void {
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const { canvas } = context;
  context.setTransform(canvas.width / SIZE_PX.width, 0, 0, canvas.height / SIZE_PX.height, 0, 0);
  context.clearRect(0, 0, SIZE_PX.width, SIZE_PX.height);

  context.strokeStyle = colour("--ink-dim");
  context.lineWidth = 0.8;
  context.beginPath();
  for (const { xM, yM } of plan.roads) {
    xM.forEach((x, i) => {
      const at = pointAt(plan, x, yM[i] ?? 0);
      if (i === 0) context.moveTo(at.x, at.y);
      else context.lineTo(at.x, at.y);
    });
  }
  context.stroke();

  const line = pointAt(plan, 0, 0).x;
  context.strokeStyle = colour("--ink");
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(line, 2);
  context.lineTo(line, SIZE_PX.height - 2);
  context.stroke();
  context.setLineDash([]);

  for (let i = 0; i < poses.count; i++) {
    const at = pointAt(plan, poses.xM[i] ?? 0, poses.yM[i] ?? 0);
    const flags = poses.flags[i] ?? 0;
    const isChosen = poses.vehicleIds[i] === selected;
    // Trouble has a shape of its own beside its colour.
    if ((flags & PoseFlag.trouble) !== 0) triangle(context, at.x, at.y, colour("--high"));
    else if ((flags & PoseFlag.stale) !== 0) ring(context, at.x, at.y, 2.2, colour("--ink-dim"));
    else disc(context, at.x, at.y, 2.1, colour("--accent"));
    if (isChosen) ring(context, at.x, at.y, 4.6, colour("--ink"));
  }

  if (footprint.length === 0) return;
  context.beginPath();
  for (const corner of footprint) {
    const at = pointAt(plan, corner.xM, corner.yM);
    context.lineTo(at.x, at.y);
  }
  context.closePath();
  context.fillStyle = colour("--minimap-view");
  context.fill();
  context.strokeStyle = colour("--ink");
  context.lineWidth = 1.2;
  context.stroke();
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function ring(context: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x, y - 4.4);
  context.lineTo(x + 4, y + 3);
  context.lineTo(x - 4, y + 3);
  context.fill();
}
