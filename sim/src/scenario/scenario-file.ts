import { PROTOCOLS } from "@baton/fleet-adapter/vda5050";
import { Step } from "@baton/orchestrator/contract";
import Type, { type Static } from "typebox";
import { ChannelShares, Demand, Road } from "./demand-schema.ts";
import { Distribution } from "./distribution.ts";
import { Calendars, Failures, Faults, SideStaff, Weather } from "./failure-schema.ts";

/** The schema of a scenario file, version 2: a world to run, from one seed. `scenarios/README.md` is made from it. */

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" });
const SideField = Type.Enum(["vn", "cn"]);
const DirectionField = Type.Enum(["export", "import"]);
const Source = Type.String({ minLength: 1, maxLength: 500 });
const places = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }));
const metres = (maximum: number, description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum, description }));
const speed = (description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 30, description }));

const sidePlaces = {
  cranes: places(1, 24, "Cranes of a yard"),
  chargers: places(0, 80, "Bays with a charger of a yard"),
  parkingBays: places(0, 240, "Other bays of a yard where an empty vehicle may stand"),
  verdictBays: places(1, 40, "Bays behind the scanner of the outbound lane"),
  arrivalBays: places(1, 40, "Bays of the inbound lane"),
  inspectionDocks: places(1, 40, "Docks of the outbound lane"),
};

/** What of a site's layout a scenario may change. Everything else stays as the site has it. */
export const Layout = Type.Object(
  {
    ...sidePlaces,
    vn: Type.Optional(
      Type.Object(sidePlaces, { additionalProperties: false, description: "Of one side only" }),
    ),
    cn: Type.Optional(
      Type.Object(sidePlaces, { additionalProperties: false, description: "Of one side only" }),
    ),
    lanes: places(2, 40, "Lanes of the road, both directions, manned and unmanned"),
    lanePairs: places(1, 2, "Pairs of unmanned lanes, each with stations of its own, with one yard a side"),
    blockLengthM: metres(200, "How far apart the places are where a vehicle may stand"),
    approachBlockLengthM: metres(200, "The same on the last metres before a gate"),
    roadSpeedMps: speed("Speed limit of the road"),
    lineZoneSpeedMps: speed("Speed limit at the line"),
    scannerSpeedMps: speed("Speed through the scanner"),
    yardSpeedMps: speed("Speed limit in bays and bends"),
    transferPads: places(0, 1, "Pads a side under a crane at the line, for containers that change vehicle"),
    exchangePads: places(0, 1, "Places in China where vehicles of Viet Nam stand that go there and back"),
    source: Source,
  },
  {
    additionalProperties: false,
    description: "Changes to the site's layout, laid out anew by the generator",
  },
);
export type Layout = Static<typeof Layout>;

/** Times of devices and agencies by task, as `gate/port.ts` of the orchestrator names tasks, and of other things that take time. */
export const ServiceTimes = Type.Object(
  {
    "admit-truck": Distribution,
    lift: Distribution,
    "arm-seal": Distribution,
    identify: Distribution,
    weigh: Distribution,
    scan: Distribution,
    "judge-scan": Distribution,
    quarantine: Distribution,
    decide: Distribution,
    inspect: Distribution,
    "guard-check": Distribution,
    "register-order": Distribution,
    "close-order": Distribution,
    /** Twist locks of a vehicle, closing or opening. */
    "twist-locks": Distribution,
    /** When a truck that nobody announced turns up after its order. */
    "walk-in-truck": Distribution,
  },
  { additionalProperties: false },
);
export type ServiceTimes = Static<typeof ServiceTimes>;

export const ListedVehicle = Type.Object(
  {
    serialNumber: Id,
    home: SideField,
    at: Type.Object(
      { side: SideField, stationId: Id },
      {
        additionalProperties: false,
        description: "Where it stands when the world begins: a station of one side that has a node",
      },
    ),
    protocol: Type.Optional(
      Type.Enum([...PROTOCOLS, "ros2"], {
        description: "What it speaks: a version of VDA 5050, or ROS 2; VDA 5050 2.1 when left out",
      }),
    ),
    odometry: Type.Optional(
      Type.Enum(["map", "odom"], {
        description:
          "Of one that speaks ROS 2: the frame of its odometry, the map's or one of its own that tf places; the map's when left out",
      }),
    ),
    batteryPct: Type.Number({ minimum: 1, maximum: 100 }),
    charging: Type.Optional(Type.Boolean()),
    warm: Type.Optional(
      Type.Object(
        { direction: DirectionField, step: Step },
        {
          additionalProperties: false,
          description:
            "A container on board, on its way since before the world began; its mission is adopted at this step",
        },
      ),
    ),
  },
  { additionalProperties: false },
);

const CountedFleet = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 400, description: "Vehicles, both homes together" }),
    atVn: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 400,
        description: "How many of them begin, and have their home, in Viet Nam; half of them when left out",
      }),
    ),
    batteryPct: Type.Object(
      {
        min: Type.Number({ minimum: 1, maximum: 100 }),
        max: Type.Number({ minimum: 1, maximum: 100 }),
      },
      { additionalProperties: false, description: "Charge at the beginning, drawn evenly" },
    ),
    source: Source,
  },
  {
    additionalProperties: false,
    description: "So many vehicles, empty; placed in parking bays in their order, then at chargers",
  },
);
export type CountedFleet = Static<typeof CountedFleet>;

export const Fleet = Type.Union([Type.Array(ListedVehicle, { minItems: 1, maxItems: 400 }), CountedFleet], {
  description: "The vehicles: one by one, or a count that is placed by rule",
});

const HANDOVER_MODES = ["control-passes", "host-grants", "container-transfers"] as const;
export type HandoverMode = (typeof HANDOVER_MODES)[number];

export const Handover = Type.Object(
  {
    mode: Type.Optional(
      Type.Enum([...HANDOVER_MODES], {
        description: "What changes hands at the line; the site's own when left out",
      }),
    ),
    fromStandstill: Distribution,
    rolling: Distribution,
    transferShare: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          "The part of each direction's orders that a crane at the line sets over, while the others pass in the site's own mode; not with `mode`",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: "How a container passes the line, and how long that is expected to take (for `limits`)",
  },
);
export type Handover = Static<typeof Handover>;

export const ScenarioZone = Type.Object(
  {
    stationId: Id,
    marginM: Type.Number({
      minimum: 0,
      maximum: 50,
      description: "How far the zone reaches beyond the station, ahead and behind",
    }),
    onLoss: Type.Enum(["STOP", "CONTINUE", "EVACUATE"], {
      description: "What a vehicle does that loses its permission in there",
    }),
    source: Source,
  },
  {
    additionalProperties: false,
    description:
      "The ground of a station as a `RELEASE` zone: vehicles of VDA 5050 3.0 ask before they enter, and one at a time is let in",
  },
);
export type ScenarioZone = Static<typeof ScenarioZone>;

export const ScenarioFile = Type.Object(
  {
    scenarioVersion: Type.Literal(2),
    scenarioId: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: "^[A-Za-z0-9._-]+$",
      description: "Its name; orders are named after it, and its site when `layout` changes one",
    }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    question: Type.String({ minLength: 1, maxLength: 500, description: "What running it answers" }),
    sources: Type.Array(Source, { minItems: 1, description: "Where its figures come from" }),
    siteId: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: "^[A-Za-z0-9._-]+$",
      description: "A site of `maps/`, the layout to begin from",
    }),
    layout: Type.Optional(Layout),
    seed: Type.String({ minLength: 1, maxLength: 64, description: "Everything drawn follows from it" }),
    startsAt: Type.String({
      pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$",
      description: "The instant at which a run in fast time begins, with its offset from UTC",
    }),
    durationS: Type.Integer({
      minimum: 60,
      maximum: 2_678_400,
      description: "How long a run is, warm-up included",
    }),
    warmUpS: Type.Integer({
      minimum: 0,
      maximum: 2_678_400,
      description: "What happens before is not counted in a report",
    }),
    vehicleClassId: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: "^[A-Za-z0-9._-]+$",
      description: "A vehicle class of the site",
    }),
    fleet: Fleet,
    demand: Demand,
    road: Type.Optional(Road),
    channels: Type.Optional(ChannelShares),
    serviceTimes: Type.Optional(
      Type.Partial(ServiceTimes, {
        additionalProperties: false,
        description: "Times that differ from those of `defaults/defaults.json`",
      }),
    ),
    handover: Type.Optional(
      Type.Partial(Handover, {
        additionalProperties: false,
        description: "How a container passes the line, and how long that is expected to take (for `limits`)",
      }),
    ),
    staff: Type.Optional(
      Type.Object(
        { vn: Type.Optional(SideStaff), cn: Type.Optional(SideStaff) },
        { additionalProperties: false, description: "People of the agencies" },
      ),
    ),
    calendars: Type.Optional(Calendars),
    weather: Type.Optional(Type.Array(Weather, { maxItems: 24 })),
    faults: Type.Optional(Faults),
    failures: Type.Optional(Failures),
    zones: Type.Optional(Type.Array(ScenarioZone, { maxItems: 40 })),
  },
  { additionalProperties: false },
);
export type ScenarioFile = Static<typeof ScenarioFile>;

/** `scenarios/defaults/defaults.json`: what holds for every scenario that does not say otherwise. */
export const Defaults = Type.Object(
  { serviceTimes: ServiceTimes, handover: Handover, channels: ChannelShares, faults: Faults },
  { additionalProperties: false },
);
export type Defaults = Static<typeof Defaults>;
