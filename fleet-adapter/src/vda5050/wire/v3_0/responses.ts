import Type, { type Static } from "typebox";
import { headerFields } from "../header.ts";

/**
 * Fleet control's answers to requests in a vehicle's state (VDA 5050 3.0 sections 6.9 and 7.5); topic `responses`.
 * The prose of section 6.4.3 calls the answer `responseType`, the table and the schema `grantType`.
 */
export const Responses = Type.Object({
  ...headerFields,
  responses: Type.Array(
    Type.Object({
      requestId: Type.String(),
      grantType: Type.Enum(["GRANTED", "QUEUED", "REVOKED", "REJECTED"]),
      /** ISO 8601, UTC; only with `GRANTED`. */
      leaseExpiry: Type.Optional(Type.String({ format: "date-time" })),
    }),
  ),
});
export type Responses = Static<typeof Responses>;
