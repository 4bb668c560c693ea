import Type, { type Static } from "typebox";

/**
 * The schema of a site file, `sites/<site>/site.json`: everything about a crossing that a VDMA LIF file
 * has no place for. Positions are in the site frame unless a field says otherwise.
 */

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" });
const SideSchema = Type.Union([Type.Literal("vn"), Type.Literal("cn")]);
const Metres = Type.Number({ minimum: -100_000, maximum: 100_000 });

/** A figure with where it comes from; assumptions say `assumption`. */
const Figure = Type.Object({
  value: Type.Number(),
  unit: Type.String(),
  source: Type.String({ minLength: 1 }),
});

/** Of a pair of unmanned lanes: the first when left out. */
const PairNumber = Type.Integer({ minimum: 1, maximum: 9 });

const Point = Type.Object({ xM: Metres, yM: Metres });

/** A rigid transform: rotate by `rotationRad`, then shift. */
export const RigidTransform = Type.Object({ dxM: Metres, dyM: Metres, rotationRad: Type.Number() });

export const LocalisedText = Type.Object({ vi: Type.String(), zh: Type.String(), en: Type.String() });

export const STATION_KINDS = [
  "crane",
  "portal",
  "weighbridge",
  "scanner",
  "buffer",
  "inspection-dock",
  "exit-gate",
  "entry-gate",
  "hold-line",
  "first-stop",
  "parking",
  "charger",
  /** Under the crane at the line, where containers change vehicle. */
  "transfer-pad",
  /** Beyond the line, where the other side's vehicles stand that it drives there and back: a crane takes their container. */
  "exchange-pad",
  /** Where trucks of the hinterland come in: plate and container are read; no AGV goes there. */
  "truck-gate",
] as const;
export const StationKind = Type.Enum([...STATION_KINDS]);

/** A place where something happens to a vehicle or its container, and the devices that do it. */
export const Station = Type.Object({
  stationId: Id,
  kind: StationKind,
  pair: Type.Optional(PairNumber),
  /** `outbound` or `inbound` for stations of a lane, `yard` for the others. */
  bound: Type.Union([Type.Literal("outbound"), Type.Literal("inbound"), Type.Literal("yard")]),
  /** The LIF node where the vehicle stands (or, for a drive-through, where it has passed); none for a truck gate. */
  nodeId: Type.Optional(Id),
  /** For a drive-through: the edges during which the device is at work, in driving order. */
  throughEdgeIds: Type.Optional(Type.Array(Id)),
  /** Devices, by id; their kind follows from the station's kind (an OCR portal also carries its barrier). */
  deviceIds: Type.Array(Id),
  /** Where it stands and how big it is, for drawing. */
  at: Type.Object({ xM: Metres, yM: Metres, headingRad: Type.Number() }),
  sizeM: Type.Object({ lengthM: Type.Number(), widthM: Type.Number(), heightM: Type.Number() }),
});

export const Lane = Type.Object({
  laneId: Id,
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  kind: Type.Union([Type.Literal("unmanned"), Type.Literal("manned")]),
  widthM: Type.Number({ exclusiveMinimum: 0 }),
  centreLine: Type.Array(Point, { minItems: 2 }),
});

/**
 * A part of one side's network with one tick loop. Where a side has several, each is named by any one of its nodes; which
 * ground is whose follows from the borders.
 */
const Zone = Type.Object({
  zoneId: Id,
  side: SideSchema,
  fromXM: Metres,
  toXM: Metres,
  nodeId: Type.Optional(Id),
});

/** Where two zones of a side meet: a node where a vehicle may wait, on the ground of the zone that it leaves there. */
const ZoneBorder = Type.Object({
  side: SideSchema,
  placeNodeId: Id,
  /** The edges that lead over the border; all that leave the node when it is left out. */
  edgeIds: Type.Optional(Type.Array(Id, { minItems: 1 })),
});

/** Opening hours on one day of the week (0 = Sunday), local time of the side, `24:00` for the end of the day. */
const OpeningHours = Type.Object({
  weekday: Type.Integer({ minimum: 0, maximum: 6 }),
  from: Type.String(),
  to: Type.String(),
});

const SideSite = Type.Object({
  lifFile: Type.String(),
  mapId: Id,
  timeZone: Type.String(),
  utcOffsetMinutes: Type.Integer(),
  /** From this side's map (survey) frame to the site frame. */
  mapToSite: RigidTransform,
  lanes: Type.Array(Lane),
  stations: Type.Array(Station),
  calendar: Type.Array(OpeningHours),
});

/** A place at the line where a vehicle passes from one side to the other. Node ids as each side's own LIF names them. */
const PassingPoint = Type.Object({
  handoffPointId: Id,
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  mode: Type.Literal("control-passes"),
  /** Of the unmanned lanes that lead over it. */
  pair: Type.Optional(PairNumber),
  /** The hold line: where the vehicle stands while it is handed over. */
  hold: Type.Object({ giverNodeId: Id, takerNodeId: Id }),
  /** The first stop beyond the line, on the taker's ground. */
  beyond: Type.Object({ giverNodeId: Id, takerNodeId: Id }),
});

/**
 * A crane at the line that sets containers over: vehicles stay at home, each under it on its own side's pad. The same crane
 * may serve both directions, over the same pads.
 */
const TransferPoint = Type.Object({
  handoffPointId: Id,
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  mode: Type.Literal("container-transfers"),
  /** The crane, by which both sides' brokers know it. */
  deviceId: Id,
  /** Nodes of transfer pads, each in its own side's LIF. */
  pads: Type.Object({ giverNodeId: Id, takerNodeId: Id }),
  /**
   * Edges that no vehicle drives, each in its own side's LIF, over the ground that its load passes above between the pads: a side
   * closes its own while a load may travel, so that nobody is below. Absent: no road lies there.
   */
  loadWay: Type.Optional(Type.Object({ giverEdgeId: Id, takerEdgeId: Id })),
  /**
   * The part of its direction's orders that comes here, of those that name no hand-off point; the others go to the first point
   * where vehicles pass. Absent: whichever point of a direction is named first has all of them.
   */
  orderShare: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});

/** Ground of the host's that a visitor is granted, enters and clears as one, by edges of the host's LIF. */
const VisitStretch = Type.Object({ stretchId: Id, takerEdgeIds: Type.Array(Id, { minItems: 1 }) });

/**
 * A way over the line and back for vehicles that the giver, their home, drives on the taker's ground: in to an exchange pad, where
 * a crane of the taker's takes the container, and out again.
 */
const VisitPoint = Type.Object({
  handoffPointId: Id,
  direction: Type.Union([Type.Literal("export"), Type.Literal("import")]),
  mode: Type.Literal("host-grants"),
  /** The hold line: where the vehicle waits for the host's ground. */
  hold: Type.Object({ giverNodeId: Id, takerNodeId: Id }),
  /** The exchange pad, on the taker's ground. */
  pad: Type.Object({ giverNodeId: Id, takerNodeId: Id }),
  /** The first stop on the giver's own ground after the way back. */
  home: Type.Object({ giverNodeId: Id, takerNodeId: Id }),
  in: VisitStretch,
  out: VisitStretch,
  /** What the way home is called, which is a hand-off of its own, the other way. */
  homePointId: Id,
});

const HandoffPoint = Type.Union([PassingPoint, TransferPoint, VisitPoint]);

export const VehicleClass = Type.Object({
  vehicleClassId: Id,
  /** The body, relative to the reference point (vehicle centre), heading along +x. */
  lengthM: Type.Number({ exclusiveMinimum: 0 }),
  widthM: Type.Number({ exclusiveMinimum: 0 }),
  heightM: Type.Number({ exclusiveMinimum: 0 }),
  massKg: Type.Number(),
  maxLoadKg: Type.Number(),
  maxSpeedMps: Type.Number({ exclusiveMinimum: 0 }),
  accelerationMps2: Type.Number({ exclusiveMinimum: 0 }),
  brakingMps2: Type.Number({ exclusiveMinimum: 0 }),
  turningRadiusM: Type.Number({ exclusiveMinimum: 0 }),
  batteryHours: Type.Number(),
  chargeHours: Type.Number(),
});

/**
 * A stretch of road of one side, and what is asked of it. An edge is in one section at most.
 */
const Section = Type.Object({
  sectionId: Id,
  side: SideSchema,
  edgeIds: Type.Array(Id, { minItems: 1 }),
  /** How far apart the places may be, along these edges, between which a vehicle is granted all or nothing. */
  blockLengthM: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  /** How many vehicles an hour must be able to follow each other here (`capacityPerHour`). */
  atLeastPerHour: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  /** Driven both ways; `following` lets vehicles of one direction stand and drive one behind the other in it. */
  singleTrack: Type.Optional(Type.Object({ following: Type.Boolean() })),
});

/** A queue: nodes in the order they are driven, from its tail to its head. It leads on from its head. */
const Queue = Type.Object({
  queueId: Id,
  side: SideSchema,
  nodeIds: Type.Array(Id, { minItems: 2 }),
  /** What those who wait there wait for, where it is not the head itself (a hold line is): loaded vehicles wait for a crane. */
  leadsTo: Type.Optional(Type.Literal("cranes")),
  pair: Type.Optional(PairNumber),
});

/**
 * Fenced ground of one side that is one vehicle's at a time, whole: whoever of these is in it finds its own way there, and nobody else
 * is let in. No road leads over its outline, which is convex.
 */
const Fence = Type.Object({
  fenceId: Id,
  side: SideSchema,
  outline: Type.Array(Point, { minItems: 3 }),
  /** By vehicle id: maker, dot, serial number. A vehicle that is named has its place in fences that name it, and nowhere else. */
  vehicleIds: Type.Array(Type.String({ minLength: 3, maxLength: 129 }), { minItems: 1 }),
});

const Band = Type.Object({ from: Type.Number({ minimum: 0 }), to: Type.Number({ minimum: 0 }) });

/** What the crossing is to carry in a year, from the least to the most that is asked for. */
const Target = Type.Object({
  year: Type.Integer({ minimum: 2000, maximum: 2100 }),
  /** Over all lanes, manned ones too. */
  vehiclesADay: Band,
  /** What of it the unmanned lanes take, each direction, while the border is open. */
  unmannedAnHourADirection: Band,
  source: Type.String({ minLength: 1 }),
});

export const SiteFile = Type.Object({
  siteFileVersion: Type.Literal(1),
  siteId: Id,
  name: LocalisedText,
  /** Site-wide safety margin around every footprint. */
  safetyMarginM: Type.Number({ minimum: 0 }),
  sides: Type.Object({ vn: SideSite, cn: SideSite }),
  zones: Type.Array(Zone, { minItems: 2 }),
  borders: Type.Optional(Type.Array(ZoneBorder)),
  /** The survey that ties the two map frames together; residuals are checked again on load. */
  survey: Type.Object({
    version: Type.String(),
    surveyedOn: Type.String(),
    vnToCn: RigidTransform,
    toleranceM: Type.Number(),
    sharedPoints: Type.Array(
      Type.Object({ pointId: Id, vnNodeId: Id, cnNodeId: Id, residualM: Type.Number() }),
      { minItems: 3 },
    ),
  }),
  /** The ground that both layouts contain, and which nodes and edges in it are the same place. */
  strip: Type.Object({
    fromXM: Metres,
    toXM: Metres,
    nodes: Type.Array(Type.Object({ vn: Id, cn: Id })),
    edges: Type.Array(Type.Object({ vn: Id, cn: Id })),
  }),
  handoffPoints: Type.Array(HandoffPoint, { minItems: 1 }),
  sections: Type.Optional(Type.Array(Section)),
  queues: Type.Optional(Type.Array(Queue)),
  fences: Type.Optional(Type.Array(Fence)),
  vehicleClasses: Type.Array(VehicleClass, { minItems: 1 }),
  /** By year, ascending; none for a site that nobody has set any for. */
  targets: Type.Optional(Type.Array(Target)),
  /** Every figure that the layout and the procedures were made from, by name, with its source. */
  figures: Type.Record(Type.String(), Figure),
});
export type LocalisedText = Static<typeof LocalisedText>;
export type SiteFile = Static<typeof SiteFile>;
export type Target = Static<typeof Target>;
export type Station = Static<typeof Station>;
export type Lane = Static<typeof Lane>;
export type PassingPoint = Static<typeof PassingPoint>;
export type TransferPoint = Static<typeof TransferPoint>;
export type VisitPoint = Static<typeof VisitPoint>;
export type HandoffPoint = Static<typeof HandoffPoint>;
export type VehicleClass = Static<typeof VehicleClass>;
export type Fence = Static<typeof Fence>;
export type Section = Static<typeof Section>;
export type RigidTransform = Static<typeof RigidTransform>;
export type StationKind = (typeof STATION_KINDS)[number];
