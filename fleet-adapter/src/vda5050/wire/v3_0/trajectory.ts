import Type from "typebox";

/** A NURBS curve in the map frame, metres (VDA 5050 3.0 section 7.3); degree 1 and a clamped, even knot vector if not given. */
export const Trajectory = Type.Object({
  degree: Type.Optional(Type.Integer({ minimum: 1 })),
  knotVector: Type.Optional(Type.Array(Type.Number({ minimum: 0, maximum: 1 }))),
  controlPoints: Type.Array(
    Type.Object({ x: Type.Number(), y: Type.Number(), weight: Type.Optional(Type.Number()) }),
  ),
});
