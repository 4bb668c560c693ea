import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { messageDescription } from "./message-description.ts";

const PARTNER_PREFIX = "/partner/v1";

/**
 * The API reference of everything that is registered from here on: for people under `/docs`, for programs as
 * `/docs/json`, and the partner's part of it alone as `/partner/v1/openapi.json` (OpenAPI 3.1);
 * what goes over the side's broker and to webhooks as `/docs/asyncapi.json` (AsyncAPI 3.0).
 */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Baton",
        description:
          "The API of one side: transport orders, missions, vehicles, alarms, the borderline, the feed; and, under `/partner/v1`, " +
          "what the partner country's system speaks. Its requests and our answers are signed (RFC 9421, Ed25519); " +
          "errors are problem details (RFC 9457) with a stable `code`.",
        version: "1",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          signature: {
            type: "apiKey",
            in: "header",
            name: "Signature",
            description:
              'HTTP Message Signature (RFC 9421), Ed25519, tag="baton-handoff", over @method @authority @path (@query) and ' +
              "content-digest content-type when there is a body; parameters created, keyid, nonce.",
          },
        },
      },
      security: [{ token: [] }],
    },
    transform: ({ schema, url }) => {
      const isPartners = url.startsWith(PARTNER_PREFIX) && schema.hide !== true;
      return { url, schema: isPartners ? { security: [{ signature: [] }], ...schema } : schema };
    },
  });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  app.get("/docs/asyncapi.json", { schema: { hide: true } }, async () => messageDescription());
  app.get(`${PARTNER_PREFIX}/openapi.json`, { schema: { hide: true } }, async () => {
    const { paths = {}, info, ...rest } = app.swagger();
    const own = Object.entries(paths).filter(([path]) => path.startsWith(PARTNER_PREFIX));
    return { ...rest, info: { ...info, title: "Baton partner API" }, paths: Object.fromEntries(own) };
  });
}
