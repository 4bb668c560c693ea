import type { FastifyRequest } from "fastify";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import { bytesOf, PartnerProblem } from "../handoff/partner-routes.ts";

/** What a body says, in its schema's words. Throws `PartnerProblem` `invalid-message`. */
export function bodyOf<Schema extends TSchema>(request: FastifyRequest, schema: Schema): Static<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytesOf(request)).toString());
  } catch {
    throw new PartnerProblem("invalid-message", "the body is not JSON");
  }
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  throw new PartnerProblem("invalid-message", `${first?.instancePath ?? ""} ${first?.message ?? ""}`);
}
