import type { MapProblem, ProblemCode } from "./problems.ts";

/** What the schema library says of one place. */
interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
}

/** No file is so broken that more than this many lines help. */
const MAX_PROBLEMS = 20;

/**
 * Schema errors as problems. Of several at one place the first is kept, and those of a union's branches
 * are said once.
 */
export function schemaProblems(
  code: ProblemCode,
  file: string,
  errors: readonly SchemaError[],
  hint: string,
): MapProblem[] {
  const byPath = new Map<string, SchemaError>();
  for (const error of errors) {
    if (!byPath.has(error.instancePath) || error.keyword === "anyOf") byPath.set(error.instancePath, error);
  }
  const problems = [...byPath.values()].map((error) => ({
    code,
    file,
    path: error.instancePath,
    message: error.message,
    hint,
  }));
  if (problems.length <= MAX_PROBLEMS) return problems;
  const more = `and ${problems.length - MAX_PROBLEMS} more`;
  return [...problems.slice(0, MAX_PROBLEMS), { code, file, path: "", message: more, hint }];
}
