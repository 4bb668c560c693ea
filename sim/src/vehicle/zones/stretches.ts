import { type Curve, reachesOver } from "@baton/maps";
import type { Route } from "../route.ts";
import type { ReleaseZone } from "./zone-work.ts";

/** A part of a way on which the body reaches over a zone, metres along it. */
export interface Stretch {
  readonly fromM: number;
  readonly toM: number;
}

interface Body {
  readonly lengthM: number;
  readonly widthM: number;
}

/** A body is looked at this often along its way, and counts as in the zone one step before and after. */
const STEP_M = 0.5;

const ofRoutes = new WeakMap<Route, Map<ReleaseZone, readonly Stretch[]>>();
const ofCurves = new WeakMap<Curve, Map<ReleaseZone, readonly Stretch[]>>();

/** Where on an order's way the body reaches over a zone of the side that gave the order, in driving order. One body for one zone, always. */
export function stretchesOf(route: Route, zone: ReleaseZone, body: Body): readonly Stretch[] {
  return known(ofRoutes, route, zone, () => {
    const all: Stretch[] = [];
    for (const [at, curve] of route.curves.entries()) {
      const atM = route.nodeAtM[at] ?? 0;
      for (const { fromM, toM } of known(ofCurves, curve, zone, () => alongCurve(curve, zone, body))) {
        const last = all.at(-1);
        if (last !== undefined && fromM + atM <= last.toM) all[all.length - 1] = { ...last, toM: toM + atM };
        else all.push({ fromM: fromM + atM, toM: toM + atM });
      }
    }
    return all;
  });
}

function alongCurve(curve: Curve, zone: ReleaseZone, body: Body): readonly Stretch[] {
  if (!comesNear(curve, zone, body)) return [];
  const found: Stretch[] = [];
  const steps = Math.max(1, Math.ceil(curve.lengthM / STEP_M));
  for (let step = 0; step <= steps; step++) {
    const atM = (step / steps) * curve.lengthM;
    if (!reachesOver(zone.outline, curve.poseAt(atM), body)) continue;
    const last = found.at(-1);
    const toM = atM + STEP_M;
    if (last !== undefined && atM - STEP_M <= last.toM) found[found.length - 1] = { ...last, toM };
    else found.push({ fromM: Math.max(0, atM - STEP_M), toM });
  }
  return found;
}

/** No point of a curve is farther from its start than it is long. */
function comesNear(curve: Curve, { outline }: ReleaseZone, { lengthM, widthM }: Body): boolean {
  const { xM, yM } = curve.poseAt(0);
  const reachM = curve.lengthM + Math.hypot(lengthM, widthM) / 2;
  const xs = outline.map((point) => point.xM);
  const ys = outline.map((point) => point.yM);
  const dxM = Math.max(Math.min(...xs) - xM, 0, xM - Math.max(...xs));
  const dyM = Math.max(Math.min(...ys) - yM, 0, yM - Math.max(...ys));
  return Math.hypot(dxM, dyM) <= reachM;
}

function known<K extends object>(
  cache: WeakMap<K, Map<ReleaseZone, readonly Stretch[]>>,
  key: K,
  zone: ReleaseZone,
  make: () => readonly Stretch[],
): readonly Stretch[] {
  const zones = cache.get(key) ?? new Map<ReleaseZone, readonly Stretch[]>();
  cache.set(key, zones);
  const before = zones.get(zone);
  if (before !== undefined) return before;
  const made = make();
  zones.set(zone, made);
  return made;
}
