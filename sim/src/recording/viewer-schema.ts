/** What Foxglove and Lichtblick read of JSON Schema: each field has one type, and alternatives are not known to them. */
export type ViewerSchema =
  | { readonly type: "boolean" | "integer" | "number" | "string" }
  | { readonly type: "array"; readonly items: ViewerSchema }
  | { readonly type: "object"; readonly properties: Readonly<Record<string, ViewerSchema>> };

/**
 * A schema in the part of JSON Schema that the viewers read; they refuse a topic of which a single field is written otherwise. Alternatives become what they have in common, of objects
 * all fields; a value that may be of several types is left out, and shown all the same, since messages are read as they are.
 * Every message of the schema is one of the result, too.
 */
export function viewerSchema(schema: unknown): ViewerSchema | undefined {
  if (!isObject(schema)) return undefined;
  const { type, anyOf, oneOf, allOf, enum: values, const: value, properties, items } = schema;
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return common(alternatives.map(viewerSchema));
  if (Array.isArray(allOf)) return common(allOf.map(viewerSchema));
  if (Array.isArray(values)) return common(values.map(typeOf));
  if ("const" in schema) return typeOf(value);
  switch (type) {
    case "boolean":
    case "integer":
    case "number":
    case "string":
      return { type };
    case "array": {
      const item = viewerSchema(items);
      // Lists in a list are not known to them either.
      return item === undefined || item.type === "array" ? undefined : { type, items: item };
    }
    case "object":
      return { type, properties: isObject(properties) ? fieldsOf(properties) : {} };
    default:
      return undefined;
  }
}

function fieldsOf(properties: Readonly<Record<string, unknown>>): Record<string, ViewerSchema> {
  const fields: Record<string, ViewerSchema> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const field = viewerSchema(schema);
    if (field !== undefined) fields[name] = field;
  }
  return fields;
}

function common(all: readonly (ViewerSchema | undefined)[]): ViewerSchema | undefined {
  const [first, ...others] = all;
  return others.reduce((joined, other) => joined && other && join(joined, other), first);
}

function join(one: ViewerSchema, other: ViewerSchema): ViewerSchema | undefined {
  if (one.type === "object" && other.type === "object") {
    const fields: Record<string, ViewerSchema> = {};
    for (const name of new Set([...Object.keys(one.properties), ...Object.keys(other.properties)])) {
      const [mine, theirs] = [one.properties[name], other.properties[name]];
      const field = mine === undefined || theirs === undefined ? (mine ?? theirs) : join(mine, theirs);
      if (field !== undefined) fields[name] = field;
    }
    return { type: "object", properties: fields };
  }
  if (one.type === "array" && other.type === "array") {
    const items = join(one.items, other.items);
    return items && { type: "array", items };
  }
  if (one.type === other.type) return one;
  const isNumber = ({ type }: ViewerSchema): boolean => type === "integer" || type === "number";
  return isNumber(one) && isNumber(other) ? { type: "number" } : undefined;
}

function typeOf(value: unknown): ViewerSchema | undefined {
  if (typeof value === "string") return { type: "string" };
  if (typeof value === "number") return { type: "number" };
  return typeof value === "boolean" ? { type: "boolean" } : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
