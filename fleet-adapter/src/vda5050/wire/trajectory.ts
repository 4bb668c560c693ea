import Type, { type Static } from "typebox";

/** A NURBS curve in the map frame, metres (VDA 5050 2.1 section 6.6.6). */
export const Trajectory = Type.Object({
  degree: Type.Integer({ minimum: 1 }),
  /** Shape: controlPoints + degree + 1 values, each in [0, 1], never falling. */
  knotVector: Type.Array(Type.Number({ minimum: 0, maximum: 1 })),
  controlPoints: Type.Array(
    Type.Object({
      x: Type.Number(),
      y: Type.Number(),
      weight: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
});
export type Trajectory = Static<typeof Trajectory>;
