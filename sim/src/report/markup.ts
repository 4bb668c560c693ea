/** Text made safe for HTML, SVG and their attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with what is in it; attributes that are undefined are left out, numbers are as short as a drawing needs them. */
export function el(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) =>
      value === undefined ? "" : ` ${key}="${escaped(typeof value === "number" ? num(value) : value)}"`,
    )
    .join("");
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join("")}</${name}>`;
}

/** A number with at most two decimals. */
export function num(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

/** A text in a drawing, escaped. */
export function label(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return el("text", { x, y, ...attributes }, escaped(text));
}
