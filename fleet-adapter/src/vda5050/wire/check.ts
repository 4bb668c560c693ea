import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Checked } from "../../link/json.ts";

export { type Checked, readJson } from "../../link/json.ts";

/** Problems named in a reason at most; the rest are counted. */
const MAX_PROBLEMS = 3;

/** Checks an already parsed message; the reason of a refusal reads `/nodes/0/nodeId must be string; ...`. */
export function checkerOf<S extends TSchema>(schema: S): (value: unknown) => Checked<Static<S>> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return { ok: true, value };
    const problems = validator.Errors(value).map((problem) => {
      const place = problem.instancePath === "" ? "the message" : problem.instancePath;
      return `${place} ${problem.message}`;
    });
    const more = problems.length - MAX_PROBLEMS;
    const named = problems.slice(0, MAX_PROBLEMS).join("; ");
    return { ok: false, reason: more > 0 ? `${named}; and ${more} more` : named };
  };
}
