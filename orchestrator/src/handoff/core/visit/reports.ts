import Type, { type Static } from "typebox";
import { HandoffIdText, SideName } from "../messages.ts";

/**
 * What the two sides of a visit tell each other: the home side drives its own vehicle on the host's ground, by the host's grants (mode
 * `host-grants`). Each report says all that holds, under a number that grows: one that comes late, twice or not at all does no
 * harm, since what is not newer than what was taken is not read.
 */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 1 });
/** Ground of the host's that is granted, entered and cleared as one: the way to a place where one may stand. */
export const StretchId = Type.String({ minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9._:-]+$" });
/** More stretches than the strip at any line has. */
export const MOST_STRETCHES = 64;

/** Whose the right to move is: `authority` is the home side, or the host while the visit is open. The epoch only grows. */
export const PageRegister = Type.Object({
  authority: SideName,
  epoch: Count,
  handoffId: Type.Optional(HandoffIdText),
});

/** As VDA 5050 3.0 has it for RELEASE zones: asked for, granted under a lease, taken back, or not to be had. */
const GrantState = Type.Enum(["QUEUED", "GRANTED", "REVOKED", "REJECTED"]);

/** Host to home: the page of its ledger. `epoch` of a grant: the number of the report that was the first to say it. */
export const GroundReport = Type.Object({
  number: Count,
  register: PageRegister,
  grants: Type.Array(
    Type.Object({
      stretchId: StretchId,
      state: GrantState,
      epoch: Count,
      /** Nothing may enter from then on, ms UTC of the host's clock. What has entered, or may have, keeps the ground all the same. */
      leaseUntilMs: Type.Number(),
    }),
    { maxItems: MOST_STRETCHES },
  ),
});
export type GroundReport = Static<typeof GroundReport>;
export type Grant = GroundReport["grants"][number];

/**
 * Home to host. Of all grants up to the epoch `seen`, `holds` are those that the vehicle is on or may yet enter; all others
 * are clear of it for good.
 */
export const VisitReport = Type.Object({
  number: Count,
  seen: Count,
  wants: Type.Array(StretchId, { maxItems: MOST_STRETCHES }),
  holds: Type.Array(Type.Object({ stretchId: StretchId, epoch: Count }), { maxItems: MOST_STRETCHES }),
  /** The vehicle is back on its own ground, or never left it, and wants nothing more. */
  isOver: Type.Boolean(),
});
export type VisitReport = Static<typeof VisitReport>;

/** Home to host: the compare-and-set of the register, by its holder. */
export const PageSwitch = Type.Object({ expectedEpoch: Count, to: SideName });
