import Type, { type Static } from "typebox";
import { HandoffView } from "./handoff.ts";
import { SideSchema } from "./words.ts";

const SpreaderPlaceFields = {
  /** Along the road, site frame. */
  alongM: Type.Number({ minimum: -10_000, maximum: 10_000 }),
  /** Over the ground. */
  heightM: Type.Number({ minimum: 0, maximum: 100 }),
};

const SpreaderPlace = Type.Object(SpreaderPlaceFields);
export type SpreaderPlace = Static<typeof SpreaderPlace>;

/**
 * Where the spreader of a crane at the line is, as the crane itself says, and the stops of its course, at an even pace from each
 * to the next; \`inMs\` from when it said so. Without a course it stands.
 */
export const SpreaderReport = Type.Object({
  ...SpreaderPlaceFields,
  course: Type.Optional(
    Type.Array(
      Type.Object({ ...SpreaderPlaceFields, inMs: Type.Number({ minimum: 0, maximum: 3_600_000 }) }),
      { maxItems: 8 },
    ),
  ),
});
export type SpreaderReport = Static<typeof SpreaderReport>;

/** A crane at the line, as it told of itself last. */
export const LineCraneView = Type.Object({
  deviceId: Type.String(),
  /** The stations of its pads. */
  padStationIds: Type.Object({ vn: Type.String(), cn: Type.String() }),
  /** Absent before it was heard. */
  phase: Type.Optional(
    Type.Enum([
      "free",
      "presented",
      "lowering",
      "engaged",
      "lifting",
      "hanging",
      "landing",
      "landed",
      "releasing",
    ]),
  ),
  /** Whose the container below it is; of a free one, whose the last was. */
  holder: Type.Optional(SideSchema),
  containerNo: Type.Optional(Type.String()),
  /** False: it is not heard, or says that something has stopped it. */
  isFit: Type.Boolean(),
  /** Since when it has been missed: what it told before is old. Absent while it is heard, and before it was at all. */
  silentSinceMs: Type.Optional(Type.Number()),
  /** Where its spreader was, at an instant of this side's clock; missing when it does not say so. */
  spreader: Type.Optional(Type.Object({ atMs: Type.Number(), at: SpreaderReport })),
});
export type LineCraneView = Static<typeof LineCraneView>;

/** What the borderline looks like from one side. */
export const BorderlineView = Type.Object({
  side: SideSchema,
  partner: Type.Union([Type.Literal("online"), Type.Literal("silent")]),
  lastPartnerMessageAtMs: Type.Optional(Type.Number()),
  handoffs: Type.Array(HandoffView),
  /** Absent where the site has none. */
  lineCranes: Type.Optional(Type.Array(LineCraneView)),
});
export type BorderlineView = Static<typeof BorderlineView>;
