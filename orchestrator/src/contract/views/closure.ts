import Type, { type Static } from "typebox";

/** Ground out of use, named by the edges that lead over it. */
export const ClosureView = Type.Object({
  closureId: Type.String(),
  edgeIds: Type.Array(Type.String()),
  reason: Type.String(),
});
export type ClosureView = Static<typeof ClosureView>;

/** Kinds of stations that dispatch gives out one by one: each can be taken out of use by itself. What a lane leads through is closed with its ground. */
export const CLOSABLE_STATIONS = ["crane", "buffer", "inspection-dock", "parking", "charger"] as const;

/** A station out of use: nobody is sent there. */
export const StationClosureView = Type.Object({
  stationId: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  sinceMs: Type.Number(),
});
export type StationClosureView = Static<typeof StationClosureView>;
