import { otherSide } from "@baton/maps";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { bytesOf, PARTNER_TAGS, signedRequestOf } from "../handoff/partner-routes.ts";
import { Problem } from "../handoff/problems.ts";
import type { PartnerApiOptions } from "./api-options.ts";
import { bodyOf } from "./body.ts";
import { EnrolAnswer, EnrolRequest, enrolled } from "./key-routes.ts";
import { explainSignature, SignatureReport } from "./signature-debugger.ts";

/** For a partner who is trying the protocol out. Nothing of it is there in production. */
export function sandboxRoutes(scope: FastifyInstance, { side, clock, ring, keys }: PartnerApiOptions): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const tags = [PARTNER_TAGS.sandbox];

  app.post(
    "/sandbox/keys",
    {
      schema: {
        tags,
        operationId: "enrolFirstKey",
        summary: "Enrol a first key, unsigned: in production an account of this side does it",
        security: [],
        body: EnrolRequest,
        response: { 200: EnrolAnswer, default: Problem },
      },
    },
    async (request) => {
      const { jwk, proof } = bodyOf(request, EnrolRequest);
      return enrolled(jwk.kid, await keys.enrol(jwk, proof));
    },
  );

  for (const method of ["POST", "GET"] as const) {
    app.route({
      method,
      url: "/sandbox/signature",
      schema: {
        tags,
        operationId: `explain${method === "POST" ? "Post" : "Get"}Signature`,
        summary: "What this side thinks of the signature of this very request, and which component differs",
        description:
          "Sign a request to this address as you would sign any other. The answer has the signature base as it is made here; " +
          "send your own base, in base64, as `Baton-Signature-Base`, and it names each component that differs. Nonces are not used up.",
        security: [],
        response: { 200: SignatureReport, default: Problem },
      },
      handler: async (request) =>
        explainSignature(signedRequestOf(request), bytesOf(request), ring, otherSide(side), clock.nowMs()),
    });
  }
}
