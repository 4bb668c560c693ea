/** The same angle in (-pi, pi]. */
export function normaliseRad(angleRad: number): number {
  const turn = 2 * Math.PI;
  const wrapped = angleRad - turn * Math.floor((angleRad + Math.PI) / turn);
  return wrapped <= -Math.PI ? wrapped + turn : wrapped;
}

/** How far two headings are apart, in [0, pi]. */
export function angleBetweenRad(a: number, b: number): number {
  return Math.abs(normaliseRad(a - b));
}
