/** Messages of vehicles before any check: anything may be anything. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The object with a list of it changed part by part; as it is where there is no such list. */
export function withList(
  object: JsonObject,
  key: string,
  change: (part: JsonObject, index: number) => JsonObject,
): JsonObject {
  const list = object[key];
  if (!Array.isArray(list)) return object;
  return {
    ...object,
    [key]: list.map((part: unknown, index) => (isObject(part) ? change(part, index) : part)),
  };
}
