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

/** The roads, to be drawn again and again. */
export function roadsOf(plan: MinimapPlan): Path2D {
  const path = new Path2D();
  for (const { xM, yM } of plan.roads) {
    xM.forEach((x, i) => {
      const at = pointAt(plan, x, yM[i] ?? 0);
      if (i === 0) path.moveTo(at.x, at.y);
      else path.lineTo(at.x, at.y);
    });
  }
  return path;
}

interface Shown {
  readonly roads: Path2D;
  readonly poses: FleetPoses;
  readonly selected: string | undefined;
  readonly footprint: readonly { readonly xM: number; readonly yM: number }[];
  /** Whose custom properties say the colours. */
  readonly style: Pick<CSSStyleDeclaration, "getPropertyValue">;
}

export function drawMinimap(
  context: CanvasRenderingContext2D,
  plan: MinimapPlan,
  { roads, poses, selected, footprint, style }: Shown,
): void {
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const { canvas } = context;
  context.setTransform(canvas.width / SIZE_PX.width, 0, 0, canvas.height / SIZE_PX.height, 0, 0);
  context.clearRect(0, 0, SIZE_PX.width, SIZE_PX.height);

  context.strokeStyle = colour("--ink-dim");
  context.lineWidth = 0.8;
  context.stroke(roads);

  const line = pointAt(plan, 0, 0).x;
  context.strokeStyle = colour("--ink");
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(line, 2);
  context.lineTo(line, SIZE_PX.height - 2);
  context.stroke();
  context.setLineDash([]);

  // Trouble has a shape of its own beside its colour.
  const drawn = { well: new Path2D(), old: new Path2D(), trouble: new Path2D(), chosen: new Path2D() };
  for (let i = 0; i < poses.count; i++) {
    const at = pointAt(plan, poses.xM[i] ?? 0, poses.yM[i] ?? 0);
    const flags = poses.flags[i] ?? 0;
    if ((flags & PoseFlag.trouble) !== 0) triangle(drawn.trouble, at.x, at.y);
    else if ((flags & PoseFlag.stale) !== 0) circle(drawn.old, at.x, at.y, 2.2);
    else circle(drawn.well, at.x, at.y, 2.1);
    if (poses.vehicleIds[i] === selected) circle(drawn.chosen, at.x, at.y, 4.6);
  }
  context.lineWidth = 1.2;
  context.fillStyle = colour("--accent");
  context.fill(drawn.well);
  context.strokeStyle = colour("--ink-dim");
  context.stroke(drawn.old);
  context.fillStyle = colour("--high");
  context.fill(drawn.trouble);
  context.strokeStyle = colour("--ink");
  context.stroke(drawn.chosen);

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

function circle(path: Path2D, x: number, y: number, radius: number): void {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

function triangle(path: Path2D, x: number, y: number): void {
  path.moveTo(x, y - 4.4);
  path.lineTo(x + 4, y + 3);
  path.lineTo(x - 4, y + 3);
  path.closePath();
}
