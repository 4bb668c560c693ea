/** A figure of a scenario that may be chosen. */
export interface Knob {
  /** As `--set` names it. */
  readonly path: string;
  /** Fewer cannot be enough. */
  readonly least: number;
  /** More are not tried. */
  readonly most: number;
  /** What is tried first. */
  readonly start: number;
}

export type Sizes = Readonly<Record<string, number>>;

export interface Trial {
  readonly sizes: Sizes;
  readonly holds: boolean;
}

export type Sizing =
  | { readonly kind: "found"; readonly sizes: Sizes; readonly trials: readonly Trial[] }
  /** Not even the most of everything holds. */
  | { readonly kind: "none"; readonly trials: readonly Trial[] };

/** Times that all knobs are gone through: what one frees another may take up. */
const MAX_ROUNDS = 3;

/**
 * The smallest sizes that hold, one knob after the other by bisection, in the order of the knobs, until none can be lowered by
 * itself. That more never holds less is taken for granted: what is below something that failed is not tried, nor what is above
 * something that held.
 */
export async function smallestSizes(
  knobs: readonly Knob[],
  holds: (sizes: Sizes) => Promise<boolean>,
): Promise<Sizing> {
  const trials: Trial[] = [];
  const told = async (sizes: Sizes): Promise<boolean> => {
    const isAtMost = (a: Sizes, b: Sizes): boolean =>
      knobs.every(({ path }) => (a[path] ?? 0) <= (b[path] ?? 0));
    if (trials.some((trial) => trial.holds && isAtMost(trial.sizes, sizes))) return true;
    if (trials.some((trial) => !trial.holds && isAtMost(sizes, trial.sizes))) return false;
    const trial = { sizes, holds: await holds(sizes) };
    trials.push(trial);
    return trial.holds;
  };
  const all = (of: (knob: Knob) => number): Sizes =>
    Object.fromEntries(knobs.map((knob) => [knob.path, of(knob)]));

  let current = all(({ start }) => start);
  if (!(await told(current))) {
    current = all(({ most }) => most);
    if (!(await told(current))) return { kind: "none", trials };
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = current;
    for (const { path, least } of knobs) current = await lowered(current, path, least, told);
    if (knobs.every(({ path }) => before[path] === current[path])) break;
  }
  return { kind: "found", sizes: current, trials };
}

/** Sizes that hold, with one of them as low as it can be. */
async function lowered(
  sizes: Sizes,
  path: string,
  least: number,
  holds: (sizes: Sizes) => Promise<boolean>,
): Promise<Sizes> {
  let high = sizes[path] ?? least;
  let low = Math.min(least, high);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await holds({ ...sizes, [path]: middle })) high = middle;
    else low = middle + 1;
  }
  return { ...sizes, [path]: high };
}
