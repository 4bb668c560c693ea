import Type from "typebox";
import { type AskedProcess, startAsked } from "./asked-process.ts";

const SideFigures = Type.Object({
  page: Type.String(),
  feed: Type.String(),
  viewers: Type.Integer(),
  /** The site's clock. */
  siteMs: Type.Number(),
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
    "made-up-side-process.ts",
    [siteId, String(vehicles), ...(twinFolder === undefined ? [] : [twinFolder])],
    SideFigures,
  );

export const viewersProcess = (
  feed: string,
  count: number,
): AskedProcess<Type.Static<typeof ViewersFigures>> =>
  startAsked("viewers-process.ts", [feed, String(count)], ViewersFigures);
