import Type from "typebox";
import { type AskedProcess, startAsked } from "./asked-process.ts";

const SideFigures = Type.Object({
  page: Type.String(),
  feed: Type.String(),
  viewers: Type.Integer(),
  /** The site's clock. */
  siteMs: Type.Number(),
  /** The last minute's ticks, and when each was sent, ms UTC. */
  fed: Type.Array(Type.Object({ siteMs: Type.Number(), sentAtMs: Type.Number() })),
  /** The machine's. */
  atMs: Type.Number(),
  cpuMs: Type.Number(),
});
const ViewersFigures = Type.Object({
  bytes: Type.Integer(),
  poseFrames: Type.Integer(),
  closed: Type.Integer(),
  atMs: Type.Number(),
});

/** Asked with a number, its world runs so much faster than real time from then on. */
export const sideProcess = (
  siteId: string,
  vehicles: number,
  twinFolder?: string,
): AskedProcess<Type.Static<typeof SideFigures>> =>
  startAsked(
    new URL("./made-up-side-process.ts", import.meta.url),
    [siteId, String(vehicles), ...(twinFolder === undefined ? [] : [twinFolder])],
    SideFigures,
  );

export const viewersProcess = (
  feed: string,
  count: number,
): AskedProcess<Type.Static<typeof ViewersFigures>> =>
  startAsked(new URL("./viewers-process.ts", import.meta.url), [feed, String(count)], ViewersFigures);
