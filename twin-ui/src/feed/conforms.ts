import { ControlFrame, SiteView } from "@baton/orchestrator/contract";

/**
 * Checks values from outside against the contract's schemas. The contract's schemas are JSON Schema;
 * this reads the few keywords that they use, so that the page ships no schema compiler and needs no `eval`.
 */

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords that `conforms` understands, and those that say nothing about whether a value fits. */
export const KNOWN_KEYWORDS: ReadonlySet<string> = new Set([
  "type",
  "const",
  "anyOf",
  "enum",
  "properties",
  "patternProperties",
  "required",
  "items",
  "maxItems",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "description",
  "default",
]);

function hasType(type: unknown, value: unknown): boolean {
  switch (type) {
    case undefined:
      return true;
    case "string":
    case "boolean":
      return typeof value === type;
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    default:
      return false;
  }
}

/** Numbers, and lengths of texts and lists, where the schema bounds them. */
function isWithin(schema: Readonly<Record<string, unknown>>, value: unknown): boolean {
  const holds = (bound: unknown, does: (limit: number) => boolean): boolean =>
    typeof bound !== "number" || does(bound);
  if (typeof value === "number")
    return holds(schema.minimum, (least) => value >= least) && holds(schema.maximum, (most) => value <= most);
  if (typeof value === "string")
    return (
      holds(schema.minLength, (least) => value.length >= least) &&
      holds(schema.maxLength, (most) => value.length <= most)
    );
  if (Array.isArray(value)) return holds(schema.maxItems, (most) => value.length <= most);
  return true;
}

/** Whether a value fits a schema of the contract. Unknown extra properties are allowed: the contract may grow. */
export function conforms(schema: unknown, value: unknown): boolean {
  if (!isRecord(schema)) return false;
  if (Array.isArray(schema.anyOf)) return schema.anyOf.some((option: unknown) => conforms(option, value));
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return false;
  if ("const" in schema && schema.const !== value) return false;
  if (!hasType(schema.type, value)) return false;
  if (!isWithin(schema, value)) return false;
  if (Array.isArray(value))
    return schema.items === undefined || value.every((item) => conforms(schema.items, item));
  if (isRecord(value)) {
    const required = Array.isArray(schema.required) ? schema.required : [];
    if (!required.every((key: unknown) => typeof key === "string" && value[key] !== undefined)) return false;
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const patterns = isRecord(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
    return (
      Object.entries(properties).every(
        ([key, inner]) => value[key] === undefined || conforms(inner, value[key]),
      ) &&
      patterns.every(([pattern, inner]) => {
        const isNamed = new RegExp(pattern);
        return Object.entries(value).every(([key, each]) => !isNamed.test(key) || conforms(inner, each));
      })
    );
  }
  return true;
}

/** Whether a decoded control message is one that the contract allows. */
export function isControlFrame(value: unknown): value is ControlFrame {
  return conforms(ControlFrame, value);
}

/** Whether an answer of `GET /api/v1/site` is one. */
export function isSiteView(value: unknown): value is SiteView {
  return conforms(SiteView, value);
}
