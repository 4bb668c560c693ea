import type { DeviceView, LineCraneView } from "@baton/orchestrator/contract";
import type { Hook } from "./crane-motion.ts";

type Told = NonNullable<DeviceView["position"]>;

/** How far along its course a part is, 0 to 1: never beyond where it was going to. */
function partOfCourse({ atMs, at }: Told, nowMs: number): number {
  const inMs = at.course?.inMs ?? 0;
  return inMs <= 0 ? 1 : Math.max(0, Math.min(1, (nowMs - atMs) / inMs));
}

const between = (from: number, to: number, part: number): number => from + (to - from) * part;

/** The instant at which a device's part is drawn: one that is away has last been seen moving when it went. */
export function seenAtMs({ state, sinceMs }: DeviceView, siteNowMs: number): number {
  return state === "away" && sinceMs !== undefined ? Math.min(siteNowMs, sinceMs) : siteNowMs;
}

/** The same of a crane at the line: nothing is known of what it has done since it was missed. */
export const craneSeenAtMs = ({ silentSinceMs }: LineCraneView, siteNowMs: number): number =>
  Math.min(siteNowMs, silentSinceMs ?? siteNowMs);

/** What the colours of a part are multiplied with: as they are; of one whose device is not heard. */
export const FRESH_PAINT = "#ffffff";
export const OLD_PAINT = "#70757a";

/** Whether the part is still on its way. */
export const isUnderWay = (told: Told, nowMs: number): boolean => partOfCourse(told, nowMs) < 1;

/** How far open an arm is that has said so; undefined for what is no barrier. */
export function armShare(told: Told, nowMs: number): number | undefined {
  const { at } = told;
  if (at.kind !== "barrier") return undefined;
  return between(at.openShare, (at.course ?? at).openShare, partOfCourse(told, nowMs));
}

/** Where the spreader of a crane at the line is that has said so: on its way from stop to stop, never beyond the last. */
export function spreaderToldBy(
  { atMs, at }: NonNullable<LineCraneView["spreader"]>,
  nowMs: number,
): { readonly alongM: number; readonly heightM: number; readonly isUnderWay: boolean } {
  let from = { alongM: at.alongM, heightM: at.heightM, inMs: 0 };
  const sinceMs = Math.max(0, nowMs - atMs);
  for (const to of at.course ?? []) {
    if (sinceMs < to.inMs) {
      const part = (sinceMs - from.inMs) / (to.inMs - from.inMs);
      return {
        alongM: between(from.alongM, to.alongM, part),
        heightM: between(from.heightM, to.heightM, part),
        isUnderWay: true,
      };
    }
    from = to;
  }
  return { alongM: from.alongM, heightM: from.heightM, isUnderWay: false };
}

/** Where a hook is that has said so, and the container under it; undefined for what is no crane. */
export function hookToldBy(
  told: Told,
  nowMs: number,
): (Hook & { readonly containerNo: string | undefined }) | undefined {
  const { at } = told;
  if (at.kind !== "hoist") return undefined;
  const part = partOfCourse(told, nowMs);
  const to = at.course ?? at;
  return {
    acrossM: between(at.acrossM, to.acrossM, part),
    heightM: between(at.heightM, to.heightM, part),
    carrying: at.containerNo !== undefined,
    containerNo: at.containerNo,
  };
}
