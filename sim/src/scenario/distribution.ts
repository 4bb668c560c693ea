import Type, { type Static } from "typebox";

/** How long something takes, as data: seconds, with where the figures come from. */

const Seconds = Type.Number({ minimum: 0, maximum: 604_800 });
const Source = Type.String({
  minLength: 1,
  maxLength: 300,
  description: "Where the figures come from; `assumption` for those that nobody has confirmed",
});

const Constant = Type.Object(
  { kind: Type.Literal("constant"), valueS: Seconds, source: Source },
  { additionalProperties: false, description: "Always the same" },
);
const Triangular = Type.Object(
  { kind: Type.Literal("triangular"), minS: Seconds, modeS: Seconds, maxS: Seconds, source: Source },
  { additionalProperties: false, description: "Between two bounds, one value the likeliest" },
);
const Lognormal = Type.Object(
  {
    kind: Type.Literal("lognormal"),
    meanS: Type.Number({ exclusiveMinimum: 0, maximum: 604_800 }),
    sdS: Seconds,
    source: Source,
  },
  {
    additionalProperties: false,
    description: "Mean and standard deviation of the times themselves; a long tail",
  },
);
const Empirical = Type.Object(
  {
    kind: Type.Literal("empirical"),
    valuesS: Type.Array(Seconds, { minItems: 1, maxItems: 10_000 }),
    source: Source,
  },
  { additionalProperties: false, description: "One of the values observed, each as likely as the others" },
);

export const Distribution = Type.Union([Constant, Triangular, Lognormal, Empirical], {
  description:
    "How long something takes: constant, triangular, lognormal or empirical, in seconds, with its source",
});
export type Distribution = Static<typeof Distribution>;

/** The mean, seconds. */
export function meanS(distribution: Distribution): number {
  switch (distribution.kind) {
    case "constant":
      return distribution.valueS;
    case "triangular":
      return (distribution.minS + distribution.modeS + distribution.maxS) / 3;
    case "lognormal":
      return distribution.meanS;
    case "empirical":
      return distribution.valuesS.reduce((sum, valueS) => sum + valueS, 0) / distribution.valuesS.length;
    default:
      return distribution satisfies never;
  }
}

/** What two uniform draws from [0, 1) make of a distribution, seconds. Only lognormal needs the second. */
export function drawS(distribution: Distribution, first: number, second: number): number {
  switch (distribution.kind) {
    case "constant":
      return distribution.valueS;
    case "triangular": {
      const { minS, modeS, maxS } = distribution;
      const spanS = maxS - minS;
      if (spanS <= 0) return modeS;
      // The inverse of the distribution function, which changes its branch at the mode.
      const atMode = (modeS - minS) / spanS;
      return first < atMode
        ? minS + Math.sqrt(first * spanS * (modeS - minS))
        : maxS - Math.sqrt((1 - first) * spanS * (maxS - modeS));
    }
    case "lognormal": {
      const variance = Math.log(1 + (distribution.sdS / distribution.meanS) ** 2);
      // Box and Muller (1958); 1 - first is never 0.
      const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
      return distribution.meanS * Math.exp(Math.sqrt(variance) * normal - variance / 2);
    }
    case "empirical":
      return distribution.valuesS[Math.floor(first * distribution.valuesS.length)] ?? 0;
    default:
      return distribution satisfies never;
  }
}

/** What is wrong with a distribution that its schema cannot say; undefined when nothing is. */
export function distributionProblem(distribution: Distribution): string | undefined {
  if (distribution.kind !== "triangular") return undefined;
  const { minS, modeS, maxS } = distribution;
  return minS <= modeS && modeS <= maxS
    ? undefined
    : `minS ${minS}, modeS ${modeS}, maxS ${maxS} do not ascend`;
}
