/** A point of the map frame, metres. */
export interface ZoneVertex {
  readonly xM: number;
  readonly yM: number;
}

/**
 * One zone, of the kinds that Baton lays down (VDA 5050 3.0 section 6.4.1): ground that a vehicle asks for before
 * it enters, ground that is forbidden, ground with a limit of speed, ground without free navigation.
 */
export type Zone = {
  /** Unique within its set. */
  readonly zoneId: string;
  /** At least three, a simple polygon. */
  readonly vertices: readonly ZoneVertex[];
} & (
  | { readonly kind: "RELEASE"; readonly onLoss: "STOP" | "CONTINUE" | "EVACUATE" }
  | { readonly kind: "BLOCKED" }
  | { readonly kind: "LINE_GUIDED" }
  | { readonly kind: "SPEED_LIMIT"; readonly maxSpeedMps: number }
);

/** The zones of one map. What stands under one id never changes; a change is a set with a new id (section 6.4.2). */
export interface ZoneSet {
  readonly zoneSetId: string;
  readonly mapId: string;
  readonly zones: readonly Zone[];
}
