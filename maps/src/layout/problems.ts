/** Something that is wrong with a site's files: where, what, and what to do about it. */
export interface MapProblem {
  /** Stable; what each means stands at its name below. */
  readonly code: ProblemCode;
  readonly file: string;
  /** JSON pointer (RFC 6901) into the file; empty for the whole of it. */
  readonly path: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

const PROBLEM_CODES = [
  /** The file cannot be read. */
  "file.unreadable",
  /** The file is not JSON. */
  "file.not-json",
  /** Not a VDMA LIF 1.0 file. */
  "lif.invalid",
  /** Another version than 1.x. */
  "lif.version",
  /** More than one layout in a file. */
  "lif.layouts",
  "lif.duplicate-id",
  /** An edge or station names a node that is not there. */
  "lif.unknown-node",
  /** Knots, control points and degree do not fit, or the curve does not start and end at its nodes. */
  "lif.trajectory",
  /** A vehicle drives forward only: its heading at a node must be the road's. */
  "lif.heading",
  /** A bend is tighter than the vehicle class can turn. */
  "lif.turn-too-tight",
  /** Not a site file of a version that is known. */
  "site.invalid",
  "site.duplicate-id",
  /** A node or edge that the side's LIF does not have. */
  "site.unknown-reference",
  /** A vehicle class that a side's LIF has no roads for. */
  "site.vehicle-class",
  /** A shared point is further off than the survey's tolerance: the two maps do not fit together. */
  "site.transform-residual",
  /** The recorded residual is not what the files say. */
  "site.residual-stale",
  /** `survey.vnToCn` and the two sides' `mapToSite` say different things. */
  "site.transform-disagrees",
  /** A side has no zone on its own ground, or several and no borders between them. */
  "site.zones",
  /** A border does not divide what it is to divide, or who waits at it bars others. */
  "site.border",
  /** A crane at the line whose pads are no transfer pads, or others than where it is named again. */
  "site.transfer-pad",
  /** A point for visits that names no exchange pad of the side that is visited. */
  "site.exchange-pad",
  /** Roads pass below what a crane at the line carries, and nothing closes them while it does. */
  "site.load-way",
  /** A hand-off point whose two names are not the same place. */
  "site.handoff-unpaired",
  /** A section passes fewer vehicles than it must, or its blocks are longer than they may be. */
  "site.section",
  /** A fence that is not convex, beyond the line, upon another one, or crossed by a road. */
  "site.fence",
  /** Years out of order, or a band whose lower end is above its upper one. */
  "site.targets",
  /** An endpoint cuts others off. */
  "site.not-well-formed",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One problem on three lines, for people. */
export function describeProblem(problem: MapProblem): string {
  const where = problem.path === "" ? problem.file : `${problem.file} at ${problem.path}`;
  return `${where}\n  ${problem.message} (${problem.code})\n  ${problem.hint}`;
}
