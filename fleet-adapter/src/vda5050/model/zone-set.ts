/** A point of the map frame, metres. */
export interface ZoneVertex {
  readonly xM: number;
  readonly yM: number;
}

interface Ground {
  /** Unique within its set. */
  readonly zoneId: string;
  /** At least three, a simple polygon. */
  readonly vertices: readonly ZoneVertex[];
}

/**
 * One zone, of the kinds that Baton lays down (VDA 5050 3.0 section 6.4.1): ground that a vehicle asks for before
 * it enters, ground that is forbidden, ground without free navigation, ground with a limit of speed.
 */
export type Zone =
  | (Ground & { readonly kind: "RELEASE"; readonly onLoss: "STOP" | "CONTINUE" | "EVACUATE" })
  | (Ground & { readonly kind: "BLOCKED" | "LINE_GUIDED" })
  | (Ground & { readonly kind: "SPEED_LIMIT"; readonly maxSpeedMps: number });

/** The zones of one map. What stands under one id never changes; a change is a set with a new id (section 6.4.2). */
export interface ZoneSet {
  readonly zoneSetId: string;
  readonly mapId: string;
  readonly zones: readonly Zone[];
}
