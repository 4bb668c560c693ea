import Type, { type Static } from "typebox";
import { Distribution } from "./distribution.ts";
import { DailyWindow } from "./hours.ts";

/** What goes wrong, and what slows things down, as data. */

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Source = Type.String({ minLength: 1, maxLength: 500 });

export const Faults = Type.Object(
  {
    deviceFails: Type.Number({ minimum: 0, maximum: 1, description: "Any job of a station's device fails" }),
    misread: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "A portal or gate reads the container number wrongly",
    }),
    sealDead: Share,
    suspect: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "The analyst calls a scan suspect; customs then asks for an inspection",
    }),
    inspect: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "Customs asks for an inspection all the same",
    }),
    guardRefuses: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "The border guard does not let a vehicle go",
    }),
  },
  { additionalProperties: false, description: "Shares of single jobs that go wrong" },
);
export type Faults = Static<typeof Faults>;

const DeviceOutage = Type.Union(
  [
    Type.Object({ deviceId: Id, window: DailyWindow, source: Source }, { additionalProperties: false }),
    Type.Object(
      {
        deviceId: Id,
        meanBetweenH: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
        repair: Distribution,
        source: Source,
      },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      "A device or agency is down: at hours of its side, or at random (mean time between, repair time)",
  },
);
export type DeviceOutage = Static<typeof DeviceOutage>;

export const LaneClosure = Type.Object(
  {
    laneId: Id,
    window: DailyWindow,
    reason: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false, description: "An unmanned lane of a side is closed at hours of that side" },
);
export type LaneClosure = Static<typeof LaneClosure>;

export const Failures = Type.Object(
  {
    vehicleStops: Type.Optional(
      Type.Object(
        {
          perVehicleHour: Type.Number({ minimum: 0, maximum: 60 }),
          duration: Distribution,
          source: Source,
        },
        { additionalProperties: false, description: "A vehicle stops by itself and goes on" },
      ),
    ),
    devices: Type.Optional(Type.Array(DeviceOutage, { maxItems: 100 })),
    partnerLink: Type.Optional(
      Type.Array(DailyWindow, {
        maxItems: 24,
        description: "The two sides' systems cannot reach each other; Viet Nam's hours",
      }),
    ),
    laneClosures: Type.Optional(Type.Array(LaneClosure, { maxItems: 24 })),
    messages: Type.Optional(
      Type.Object(
        {
          latencyMs: Type.Object(
            {
              min: Type.Number({ minimum: 0, maximum: 60_000 }),
              max: Type.Number({ minimum: 0, maximum: 60_000 }),
            },
            { additionalProperties: false },
          ),
          lossShare: Share,
          duplicateShare: Share,
          reorderShare: Share,
          source: Source,
        },
        {
          additionalProperties: false,
          description: "Messages over the brokers that come late, not at all, twice, or behind later ones",
        },
      ),
    ),
  },
  { additionalProperties: false, description: "What goes wrong on the day" },
);
export type Failures = Static<typeof Failures>;

export const Weather = Type.Object(
  {
    what: Type.Enum(["fog", "rain", "night", "flood", "wind"]),
    window: DailyWindow,
    speedCapMps: Type.Number({ minimum: 0, maximum: 30 }),
    source: Source,
  },
  {
    additionalProperties: false,
    description: "No vehicle drives faster at these hours of Viet Nam; 0 stops them all",
  },
);
export type Weather = Static<typeof Weather>;

const Shift = Type.Object(
  { window: DailyWindow, people: Type.Integer({ minimum: 0, maximum: 200 }) },
  { additionalProperties: false },
);

/** People of one side's agencies by shifts; hours of the side. */
export const SideStaff = Type.Object(
  {
    platform: Type.Optional(Type.Array(Shift)),
    analyst: Type.Optional(Type.Array(Shift)),
    customs: Type.Optional(Type.Array(Shift)),
    quarantine: Type.Optional(Type.Array(Shift)),
    "border-guard": Type.Optional(Type.Array(Shift)),
  },
  {
    additionalProperties: false,
    description: "People at work by agency and shift; an agency left out never lacks people",
  },
);
export type Shift = Static<typeof Shift>;
export type SideStaff = Static<typeof SideStaff>;

const SideCalendar = Type.Object(
  {
    open: Type.Array(DailyWindow, { minItems: 1, maxItems: 12 }),
    curtainS: Type.Number({
      minimum: 0,
      maximum: 7_200,
      description: "The last hand-over begins so long before closing",
    }),
    source: Source,
  },
  { additionalProperties: false, description: "When a side's unmanned lanes are open, local time" },
);
export const Calendars = Type.Object(
  { vn: Type.Optional(SideCalendar), cn: Type.Optional(SideCalendar) },
  { additionalProperties: false, description: "Opening hours; a side left out keeps those of its site file" },
);
export type Calendars = Static<typeof Calendars>;
