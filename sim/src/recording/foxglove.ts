import Type, { type Static } from "typebox";

/**
 * Well-known message schemas of Foxglove, which Lichtblick knows, too: `foxglove.FrameTransforms`, `foxglove.SceneUpdate`,
 * `foxglove.Log`, as JSON. Fields and meanings are those of the published schemas; of their figures only cubes and lines are
 * filled, the other lists are there and empty.
 */

const Time = Type.Object({
  sec: Type.Integer({ minimum: 0 }),
  nsec: Type.Integer({ minimum: 0, maximum: 999_999_999 }),
});
const Vector3 = Type.Object({ x: Type.Number(), y: Type.Number(), z: Type.Number() });
const Quaternion = Type.Object({ x: Type.Number(), y: Type.Number(), z: Type.Number(), w: Type.Number() });
const Pose = Type.Object({ position: Vector3, orientation: Quaternion });
const Color = Type.Object({ r: Type.Number(), g: Type.Number(), b: Type.Number(), a: Type.Number() });
const None = Type.Array(Type.Object({}));

export const FrameTransforms = Type.Object({
  transforms: Type.Array(
    Type.Object({
      timestamp: Time,
      parent_frame_id: Type.String(),
      child_frame_id: Type.String(),
      translation: Vector3,
      rotation: Quaternion,
    }),
  ),
});
export type FrameTransforms = Static<typeof FrameTransforms>;

const SceneEntity = Type.Object({
  timestamp: Time,
  frame_id: Type.String(),
  id: Type.String(),
  lifetime: Time,
  frame_locked: Type.Boolean(),
  metadata: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
  arrows: None,
  cubes: Type.Array(Type.Object({ pose: Pose, size: Vector3, color: Color })),
  spheres: None,
  cylinders: None,
  lines: Type.Array(
    Type.Object({
      /** 0: a line strip. */
      type: Type.Integer(),
      pose: Pose,
      thickness: Type.Number(),
      scale_invariant: Type.Boolean(),
      points: Type.Array(Vector3),
      color: Color,
      colors: Type.Array(Color),
      indices: Type.Array(Type.Integer()),
    }),
  ),
  triangles: None,
  texts: None,
  models: None,
});
export type SceneEntity = Static<typeof SceneEntity>;

export const SceneUpdate = Type.Object({
  /** Type 0: the entity with that id. */
  deletions: Type.Array(Type.Object({ timestamp: Time, type: Type.Integer(), id: Type.String() })),
  entities: Type.Array(SceneEntity),
});
export type SceneUpdate = Static<typeof SceneUpdate>;

export const Log = Type.Object({
  timestamp: Time,
  /** 1 debug, 2 info, 3 warning, 4 error, 5 fatal. */
  level: Type.Integer(),
  message: Type.String(),
  name: Type.String(),
  file: Type.String(),
  line: Type.Integer({ minimum: 0 }),
});
export type Log = Static<typeof Log>;

export type Vector3 = Static<typeof Vector3>;
export type Color = Static<typeof Color>;

export function timeOf(atMs: number): Static<typeof Time> {
  const sec = Math.floor(atMs / 1000);
  return { sec, nsec: Math.round((atMs - sec * 1000) * 1e6) };
}

/** A turn about the axis that points up. */
export function turned(headingRad: number): Static<typeof Quaternion> {
  return { x: 0, y: 0, z: Math.sin(headingRad / 2), w: Math.cos(headingRad / 2) };
}

export const AT_ORIGIN: Static<typeof Pose> = { position: { x: 0, y: 0, z: 0 }, orientation: turned(0) };

/** Something drawn until it is drawn anew or taken away. */
export function entity(
  id: string,
  frameId: string,
  atMs: number,
  drawn: Partial<Pick<SceneEntity, "cubes" | "lines" | "metadata">>,
): SceneEntity {
  return {
    timestamp: timeOf(atMs),
    frame_id: frameId,
    id,
    lifetime: { sec: 0, nsec: 0 },
    frame_locked: true,
    metadata: drawn.metadata ?? [],
    arrows: [],
    cubes: drawn.cubes ?? [],
    spheres: [],
    cylinders: [],
    lines: drawn.lines ?? [],
    triangles: [],
    texts: [],
    models: [],
  };
}

/** A line strip over the ground, metres. */
export function strip(
  points: readonly Vector3[],
  thickness: number,
  color: Color,
): SceneEntity["lines"][number] {
  return {
    type: 0,
    pose: AT_ORIGIN,
    thickness,
    scale_invariant: false,
    points: [...points],
    color,
    colors: [],
    indices: [],
  };
}
