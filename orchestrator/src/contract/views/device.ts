import Type, { type Static } from "typebox";
import { SideSchema } from "./words.ts";

const InMs = Type.Number({ minimum: 0, maximum: 3_600_000 });

const OpenShare = Type.Number({ minimum: 0, maximum: 1 });

const HoistPlace = {
  acrossM: Type.Number({ minimum: -100, maximum: 100 }),
  heightM: Type.Number({ minimum: 0, maximum: 100 }),
};

/**
 * Where a device's moving part is, as the device itself says: measured, not what somebody has granted or asked for. `course` is
 * where it is going to at an even pace, and how long that takes from then on; without one it stands.
 */
export const DevicePosition = Type.Union([
  /** A barrier's arm: 0 is down, across the lane; 1 is up. */
  Type.Object({
    kind: Type.Literal("barrier"),
    openShare: OpenShare,
    course: Type.Optional(Type.Object({ openShare: OpenShare, inMs: InMs })),
  }),
  /**
   * A crane's spreader, in the frame of its station: to the left of the middle of a vehicle that stands there, and over the ground;
   * and the container that hangs under it.
   */
  Type.Object({
    kind: Type.Literal("hoist"),
    ...HoistPlace,
    containerNo: Type.Optional(Type.String({ minLength: 11, maxLength: 11 })),
    course: Type.Optional(Type.Object({ ...HoistPlace, inMs: InMs })),
  }),
]);
export type DevicePosition = Static<typeof DevicePosition>;

/** A device of this side, or an agency's system, as it was heard last. */
export const DeviceView = Type.Object({
  deviceId: Type.String(),
  side: SideSchema,
  /** Where it is; missing for one that stands at no station. */
  stationId: Type.Optional(Type.String()),
  /** `unheard`: it has said neither that it is there nor that it is not. `busy`: it works on at least one job. */
  state: Type.Enum(["unheard", "away", "ready", "busy"]),
  /** Since when, ms UTC, on this side's clock; missing before it was heard. */
  sinceMs: Type.Optional(Type.Number()),
  /** Where its moving part was, at an instant of this side's clock; missing when it has none, or has never said. */
  position: Type.Optional(Type.Object({ atMs: Type.Number(), at: DevicePosition })),
});
export type DeviceView = Static<typeof DeviceView>;
