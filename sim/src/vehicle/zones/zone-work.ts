import type { Point, Side } from "@baton/maps";

/** What of zones a vehicle of VDA 5050 3.0 keeps (section 6.4): the sets that it was sent, and what it asks of them. */
export interface ZoneWork {
  readonly sets: readonly HeldZoneSet[];
  readonly requests: readonly ZoneRequest[];
  /** Requests made so far: no two have the same id. */
  readonly made: number;
}

export interface HeldZoneSet {
  /** Whose fleet control sent it. */
  readonly side: Side;
  readonly zoneSetId: string;
  readonly mapId: string;
  readonly enabled: boolean;
  readonly zones: readonly ReleaseZone[];
}

/** Ground that is entered with fleet control's word only. In the frame of the set's map. */
export interface ReleaseZone {
  readonly zoneId: string;
  readonly outline: readonly Point[];
  /** What to do when the permission is lost inside. */
  readonly onLoss: "STOP" | "CONTINUE" | "EVACUATE";
}

export interface ZoneRequest {
  readonly side: Side;
  readonly requestId: string;
  readonly zoneSetId: string;
  readonly zoneId: string;
  /** `REJECTED` is remembered for a while, so that it is not asked again at once; it is told to nobody. */
  readonly status: "REQUESTED" | "QUEUED" | "GRANTED" | "REVOKED" | "EXPIRED" | "REJECTED";
  /** Of a grant: until when it holds. Of a rejection: until when it is remembered. */
  readonly untilMs?: number;
}

/** The zone types that a simulated vehicle can obey. */
export const ZONE_TYPES: readonly "RELEASE"[] = ["RELEASE"];

export const NO_ZONE_WORK: ZoneWork = { sets: [], requests: [], made: 0 };
