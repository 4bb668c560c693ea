import Type, { type Static } from "typebox";
import { Distribution } from "./distribution.ts";
import { DailyWindow } from "./hours.ts";

/** What comes to the border and when, as data. */

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Source = Type.String({ minLength: 1, maxLength: 500 });

/** A number of vehicles a day, both directions together, and why it is that many. */
export const VehiclesPerDay = Type.Object(
  { value: Type.Number({ minimum: 0, maximum: 20_000 }), source: Source },
  { additionalProperties: false },
);

const Pattern = Type.Union(
  [
    Type.Object({ kind: Type.Literal("poisson") }, { additionalProperties: false }),
    Type.Object(
      {
        kind: Type.Literal("batches"),
        minSize: Type.Integer({ minimum: 1, maximum: 100 }),
        maxSize: Type.Integer({ minimum: 1, maximum: 100 }),
        gapS: Type.Number({ minimum: 0, maximum: 600 }),
      },
      { additionalProperties: false },
    ),
    Type.Object({ kind: Type.Literal("fixed") }, { additionalProperties: false }),
  ],
  {
    description:
      "`poisson`: independent arrivals; `batches`: groups come as a Poisson process, minSize to maxSize vehicles gapS apart; `fixed`: evenly spaced",
  },
);
export type Pattern = Static<typeof Pattern>;

export const DayProfile = Type.Object(
  {
    hours: Type.Array(Type.Number({ minimum: 0, maximum: 1_000 }), {
      minItems: 24,
      maxItems: 24,
      description: "Weight of each hour of the day, local time of the side; only their ratios count",
    }),
    peaks: Type.Optional(
      Type.Array(
        Type.Object(
          { window: DailyWindow, times: Type.Number({ minimum: 0, maximum: 20 }), source: Source },
          { additionalProperties: false },
        ),
        {
          maxItems: 24,
          description: "Times of the day at which more (or less) comes on top of the day's number",
        },
      ),
    ),
    pattern: Pattern,
    source: Source,
  },
  { additionalProperties: false },
);
export type DayProfile = Static<typeof DayProfile>;

export const OpenOrders = Type.Object(
  {
    openOrders: Type.Integer({
      minimum: 0,
      maximum: 500,
      description: "Outbound orders of the side that are open at one time",
    }),
    interval: Distribution,
  },
  { additionalProperties: false },
);

export const Demand = Type.Union(
  [
    Type.Object(
      {
        kind: Type.Literal("open-orders"),
        vn: OpenOrders,
        cn: OpenOrders,
      },
      {
        additionalProperties: false,
        description: "A closed loop: new orders as others end. For demonstrations",
      },
    ),
    Type.Object(
      {
        kind: Type.Literal("arrivals"),
        vn: DayProfile,
        cn: DayProfile,
      },
      {
        additionalProperties: false,
        description: "Orders of the unmanned pair by the hour; how many follows from `road`",
      },
    ),
  ],
  { description: "When orders come: `vn` are exports, `cn` imports" },
);
export type Demand = Static<typeof Demand>;

export const ChannelShares = Type.Object(
  { green: Share, yellow: Share, red: Share, source: Source },
  {
    additionalProperties: false,
    description: "Customs channels; they add up to 1. Red lots are always inspected",
  },
);
export type ChannelShares = Static<typeof ChannelShares>;

export const Road = Type.Object(
  {
    vehiclesPerDay: VehiclesPerDay,
    exportShare: Type.Number({ minimum: 0, maximum: 1, description: "The part of them that are exports" }),
    unmanned: Type.Object(
      {
        pairs: Type.Integer({
          minimum: 1,
          maximum: 4,
          description:
            "Pairs of unmanned lanes; the run shows those that are laid out (`layout.lanePairs`), with their part of the load",
        }),
        vehiclesPerDay: VehiclesPerDay,
      },
      { additionalProperties: false, description: "The unmanned lanes' share, both directions, all pairs" },
    ),
    manned: Type.Object(
      {
        lanesADirection: Type.Integer({ minimum: 0, maximum: 20 }),
        serviceTime: Distribution,
        open: DailyWindow,
        arrivals: DayProfile,
      },
      {
        additionalProperties: false,
        description: "The other lanes, by their service times; hours are Viet Nam's",
      },
    ),
  },
  {
    additionalProperties: false,
    description: "The whole road, and what part of it the unmanned lanes carry",
  },
);
export type Road = Static<typeof Road>;
