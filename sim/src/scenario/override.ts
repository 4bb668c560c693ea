/** One figure of a scenario file to be another, by its path: `fleet.count=46`, `layout.verdictBays=14`. */
export interface Override {
  readonly path: string;
  readonly value: unknown;
}

/** Reads `path=value`; a value that is no JSON is a text. Undefined when it is neither. */
export function readOverride(text: string): Override | undefined {
  const at = text.indexOf("=");
  if (at <= 0) return undefined;
  const path = text.slice(0, at);
  const raw = text.slice(at + 1);
  try {
    const value: unknown = JSON.parse(raw);
    return { path, value };
  } catch {
    return { path, value: raw };
  }
}

/**
 * A copy of a value of JSON with the overrides set, in their order. Objects that a path leads through are made when they
 * are not there; elements of lists are named by their index. Whether the result makes sense is the schema's to say.
 * @returns the copy, or a sentence naming the path that leads nowhere.
 */
export function withOverrides(
  file: unknown,
  overrides: readonly Override[],
):
  | { readonly kind: "set"; readonly file: unknown }
  | { readonly kind: "no-such-path"; readonly detail: string } {
  let current = file;
  for (const { path, value } of overrides) {
    const set = setAt(current, path.split("."), value);
    if (set === undefined)
      return { kind: "no-such-path", detail: `${path} leads through something that is no object or list` };
    current = set.value;
  }
  return { kind: "set", file: current };
}

/** Names that would reach behind an object's own fields. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

function setAt(
  target: unknown,
  path: readonly string[],
  value: unknown,
): { readonly value: unknown } | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return { value };
  if (name === "" || FORBIDDEN.has(name)) return undefined;
  if (Array.isArray(target)) {
    const index = /^[0-9]+$/.test(name) ? Number(name) : -1;
    if (index < 0 || index >= target.length) return undefined;
    const below = setAt(target[index], rest, value);
    return below === undefined ? undefined : { value: target.with(index, below.value) };
  }
  if (target !== undefined && (typeof target !== "object" || target === null)) return undefined;
  const fields = target === undefined ? {} : Object.fromEntries(Object.entries(target));
  const below = setAt(Object.entries(fields).find(([key]) => key === name)?.[1], rest, value);
  return below === undefined ? undefined : { value: { ...fields, [name]: below.value } };
}
