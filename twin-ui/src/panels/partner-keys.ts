/** A public key of the partner's, as `GET /api/v1/partner/keys` tells of it; what the page shows of it. */
export interface PartnerKey {
  readonly jwk: { readonly kid: string; readonly crv: string };
  readonly isRetired: boolean;
}

const isPartnerKey = (value: unknown): value is PartnerKey => {
  if (typeof value !== "object" || value === null) return false;
  const jwk: unknown = Reflect.get(value, "jwk");
  return (
    typeof jwk === "object" &&
    jwk !== null &&
    typeof Reflect.get(jwk, "kid") === "string" &&
    typeof Reflect.get(jwk, "crv") === "string" &&
    typeof Reflect.get(value, "isRetired") === "boolean"
  );
};

export const arePartnerKeys = (value: unknown): value is readonly PartnerKey[] =>
  Array.isArray(value) && value.every(isPartnerKey);
