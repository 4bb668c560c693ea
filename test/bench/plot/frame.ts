export const WIDTH = 760;
export const HEIGHT = 420;
export const MARGIN = { left: 64, right: 20, top: 44, bottom: 56 };
export const PLOT_WIDTH = WIDTH - MARGIN.left - MARGIN.right;
export const PLOT_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom;

/** The document around a plot: white ground, title, axes and their names with units. */
export function frame(
  { title, xLabel, yLabel }: { readonly title: string; readonly xLabel: string; readonly yLabel: string },
  parts: readonly string[],
): string {
  const middleY = MARGIN.top + PLOT_HEIGHT / 2;
  const corner = `M${MARGIN.left},${MARGIN.top} V${HEIGHT - MARGIN.bottom} H${WIDTH - MARGIN.right}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="24" font-size="15">${escaped(title)}</text>`,
    ...parts,
    `<path d="${corner}" fill="none" stroke="#888"/>`,
    text(MARGIN.left + PLOT_WIDTH / 2, HEIGHT - 14, xLabel, "middle"),
    `<text transform="translate(16 ${middleY}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    "</svg>",
    "",
  ].join("\n");
}

export function text(x: number, y: number, value: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(value)}</text>`;
}

/** A figure as short as it may be read. */
export function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
