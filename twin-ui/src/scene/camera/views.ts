import type { SitePlan } from "../site-plan.ts";

/** A way of looking: at what, from how far, from where. Azimuth 0 looks along +y, positive from the right; radians. */
export interface View {
  readonly targetXM: number;
  readonly targetYM: number;
  readonly targetZM: number;
  readonly distanceM: number;
  readonly azimuthRad: number;
  readonly elevationRad: number;
}

export const VIEW_SLOTS = [1, 2, 3, 4] as const;
export type ViewSlot = (typeof VIEW_SLOTS)[number];

const deg = Math.PI / 180;

/** The four views that every site begins with: overview, the line, the yard, the crossing from above. */
export function initialViews(plan: SitePlan): Readonly<Record<ViewSlot, View>> {
  const { bounds } = plan;
  const halfXM = (bounds.maxXM - bounds.minXM) / 2;
  const centreXM = (bounds.maxXM + bounds.minXM) / 2;
  const pad = plan.pads.find(({ side }) => side === "vn") ?? plan.pads[0];
  const yardXM = pad === undefined ? bounds.minXM : (pad.minXM + pad.maxXM) / 2;
  return {
    1: { targetXM: centreXM, targetYM: 0, targetZM: 0, distanceM: halfXM * 1.12 + 60, azimuthRad: -20 * deg, elevationRad: 27 * deg },
    2: { targetXM: -6, targetYM: -4, targetZM: 2, distanceM: 112, azimuthRad: -46 * deg, elevationRad: 17 * deg },
    3: { targetXM: yardXM, targetYM: -4, targetZM: 3, distanceM: 150, azimuthRad: -42 * deg, elevationRad: 33 * deg },
    4: { targetXM: 0, targetYM: 0, targetZM: 0, distanceM: 230, azimuthRad: 0, elevationRad: 88 * deg },
  };
}

/** A view out of stored text; undefined when it is none. */
export function parseView(text: string | null): View | undefined {
  if (text === null) return undefined;
  const numbers = text.split(",").map(Number);
  const [targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad] = numbers;
  if (numbers.length !== 6 || numbers.some((n) => !Number.isFinite(n))) return undefined;
  if (targetXM === undefined || targetYM === undefined || targetZM === undefined) return undefined;
  if (distanceM === undefined || azimuthRad === undefined || elevationRad === undefined || distanceM <= 0) return undefined;
  return { targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad };
}

export function viewText(view: View): string {
  const { targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad } = view;
  return [targetXM, targetYM, targetZM, distanceM, azimuthRad, elevationRad].map((n) => n.toFixed(4)).join(",");
}
