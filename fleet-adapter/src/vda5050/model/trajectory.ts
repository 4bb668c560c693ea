/** A NURBS curve in the map frame, metres; written alike in all versions. `weight` is 1 where it is left out. */
export interface Trajectory {
  readonly degree: number;
  /** Shape: controlPoints + degree + 1 values, each in [0, 1], never falling. */
  readonly knotVector: number[];
  readonly controlPoints: { x: number; y: number; weight?: number }[];
}
