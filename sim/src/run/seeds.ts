/**
 * The seeds of so many runs: `first` and those after it. A number is counted on from; any other text gets a number at its
 * end. Without a first seed, one run has the scenario's own, several have 1, 2, 3, and so on.
 */
export function seedsFrom(first: string | undefined, runs: number, own: string): string[] {
  if (!Number.isInteger(runs) || runs < 1)
    throw new RangeError(`runs are a whole number from 1 up, not ${runs}`);
  if (runs === 1) return [first ?? own];
  const begin = first ?? "1";
  const isNumber = /^[0-9]{1,9}$/.test(begin);
  return Array.from({ length: runs }, (_, at) =>
    isNumber ? String(Number(begin) + at) : `${begin}-${at + 1}`,
  );
}
