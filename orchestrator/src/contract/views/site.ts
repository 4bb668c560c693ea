import Type, { type Static } from "typebox";
import { DirectionSchema, SideSchema } from "./words.ts";

/** A piece of road as the twin draws it: the centre line in the site frame, sampled about every metre on curves. */
export const RoadView = Type.Object({
  edgeId: Type.String(),
  /** In whose layout it is; the strip at the line is in both, under names of each side's own. */
  side: SideSchema,
  xM: Type.Array(Type.Number()),
  yM: Type.Array(Type.Number()),
  /** Blocks of the ground that is swept on it, numbered by side: of roads that share one, only one vehicle has it. */
  blocks: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }))),
});

/** The corners of a piece of ground, site frame; both lists as long. */
const Outline = { xM: Type.Array(Type.Number()), yM: Type.Array(Type.Number()) };

/** Fenced ground: one vehicle's at a time, whole, of those that have their place there. */
export const FenceView = Type.Object({
  fenceId: Type.String(),
  side: SideSchema,
  vehicleIds: Type.Array(Type.String()),
  ...Outline,
});

/** Ground for which this side's vehicles of VDA 5050 3.0 have a rule of their own (section 6.4.1). */
export const ZoneView = Type.Object({
  zoneId: Type.String(),
  kind: Type.Enum(["RELEASE", "BLOCKED", "LINE_GUIDED", "SPEED_LIMIT"]),
  maxSpeedMps: Type.Optional(Type.Number()),
  ...Outline,
});

const BandSchema = Type.Object({ from: Type.Number(), to: Type.Number() });

/** When a side is open: hours of the week in its local time (0 = Sunday), and that time's offset from UTC. */
export const SideHoursView = Type.Object({
  side: SideSchema,
  timeZone: Type.String(),
  utcOffsetMinutes: Type.Integer(),
  openingHours: Type.Array(Type.Object({ weekday: Type.Integer(), from: Type.String(), to: Type.String() })),
});
export type SideHoursView = Static<typeof SideHoursView>;

/** What the crossing is to carry in a year. */
export const TargetView = Type.Object({
  year: Type.Integer(),
  vehiclesADay: BandSchema,
  unmannedAnHourADirection: BandSchema,
  source: Type.String(),
});
export type TargetView = Static<typeof TargetView>;

/** Everything static about a crossing, as one side sees it. `GET /api/v1/site`. */
export const SiteView = Type.Object({
  siteId: Type.String(),
  side: SideSchema,
  name: Type.Object({ vi: Type.String(), zh: Type.String(), en: Type.String() }),
  lanes: Type.Array(
    Type.Object({
      laneId: Type.String(),
      side: SideSchema,
      direction: DirectionSchema,
      kind: Type.Union([Type.Literal("unmanned"), Type.Literal("manned")]),
      widthM: Type.Number(),
      xM: Type.Array(Type.Number()),
      yM: Type.Array(Type.Number()),
    }),
  ),
  stations: Type.Array(
    Type.Object({
      stationId: Type.String(),
      side: SideSchema,
      kind: Type.String(),
      bound: Type.String(),
      xM: Type.Number(),
      yM: Type.Number(),
      headingRad: Type.Number(),
      lengthM: Type.Number(),
      widthM: Type.Number(),
      heightM: Type.Number(),
    }),
  ),
  roads: Type.Array(RoadView),
  /** Of both sides; missing where there are none. */
  fences: Type.Optional(Type.Array(FenceView)),
  /** Of this side alone, which is who tells its vehicles of them; missing where there are none. */
  zones: Type.Optional(Type.Array(ZoneView)),
  vehicleClasses: Type.Array(
    Type.Object({
      vehicleClassId: Type.String(),
      lengthM: Type.Number(),
      widthM: Type.Number(),
      heightM: Type.Number(),
    }),
  ),
  hours: Type.Optional(Type.Array(SideHoursView)),
  targets: Type.Optional(Type.Array(TargetView)),
  /** Feeds that a viewer of this site may connect to: this side's own first. */
  feeds: Type.Array(Type.Object({ side: SideSchema, url: Type.String() })),
});
export type SiteView = Static<typeof SiteView>;
