/** A JSON Schema as a table for people: one row a field, by its path. */

type Fields = Readonly<Record<string, unknown>>;

interface Row {
  readonly path: string;
  readonly type: string;
  readonly optional: boolean;
  readonly what: string;
}

/** Parts that are told once, in words, and named in the table. */
export type Named = readonly { readonly schema: unknown; readonly name: string }[];

const MAX_VALUES_TOLD = 6;

/**
 * Lines of Markdown: path, type, and what the field is. Lists are followed into; a part that was told already under another
 * path is told as being the same as that; fields that alternatives share are told once.
 */
export function fieldTable(schema: unknown, named: Named): string[] {
  const told = new Map<string, string>();
  const rows = new Map<string, Row>();
  for (const row of rowsOf(schema, "", false)) {
    const known = rows.get(row.path);
    rows.set(row.path, known === undefined ? row : merged(known, row));
  }
  return [
    "| field | type | what |",
    "| --- | --- | --- |",
    ...[...rows.values()].map(
      ({ path, type, optional, what }) => `| \`${path}\`${optional ? "" : " *"} | ${type} | ${what} |`,
    ),
  ];

  function rowsOf(one: unknown, path: string, optional: boolean): Row[] {
    if (!isFields(one)) return [];
    const key = JSON.stringify(one);
    const same = told.get(key);
    const isNamed = nameOf(one) !== undefined;
    if (isFields(one.properties) && !isNamed) told.set(key, same ?? path);
    const what = typeof one.description === "string" && !isNamed ? one.description : "";
    const type = same !== undefined && same !== path ? `as \`${same}\`` : typeOf(one);
    const row: Row[] = path === "" ? [] : [{ path, type, optional, what }];
    return same !== undefined || isNamed ? row : [...row, ...below(one, path)];
  }

  function below(one: Fields, path: string): Row[] {
    const { properties, items, anyOf } = one;
    if (Array.isArray(anyOf)) return anyOf.flatMap((each) => (isFields(each) ? below(each, path) : []));
    if (isFields(items)) return nameOf(items) === undefined ? below(items, `${path}[]`) : [];
    if (!isFields(properties)) return [];
    const required = Array.isArray(one.required) ? one.required : [];
    return Object.entries(properties).flatMap(([name, each]) =>
      rowsOf(each, path === "" ? name : `${path}.${name}`, !required.includes(name)),
    );
  }

  function nameOf(one: Fields): string | undefined {
    const key = JSON.stringify(one);
    return named.find(({ schema: known }) => JSON.stringify(known) === key)?.name;
  }

  function typeOf(one: Fields): string {
    const name = nameOf(one);
    if (name !== undefined) return name;
    const { const: constant, enum: values, type, anyOf, items } = one;
    if (constant !== undefined) return JSON.stringify(constant);
    if (Array.isArray(values)) {
      return values.length > MAX_VALUES_TOLD
        ? `one of ${values.length} names`
        : values.map((value) => JSON.stringify(value)).join(", ");
    }
    if (Array.isArray(anyOf))
      return [...new Set(anyOf.map((each) => (isFields(each) ? typeOf(each) : "")))].join(" or ");
    if (type === "array") return `list of ${isFields(items) ? typeOf(items) : "values"}`;
    if (type === "integer" || type === "number") return `${type}${rangeOf(one)}`;
    return type === "string" ? "text" : String(type);
  }
}

function rangeOf(schema: Fields): string {
  const from = schema.minimum ?? schema.exclusiveMinimum;
  const to = schema.maximum;
  return from === undefined && to === undefined ? "" : `, ${String(from ?? "")} to ${String(to ?? "")}`;
}

function merged(a: Row, b: Row): Row {
  const type = a.type === b.type ? a.type : `${a.type} or ${b.type}`;
  return { ...a, type, optional: a.optional || b.optional, what: a.what === "" ? b.what : a.what };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
