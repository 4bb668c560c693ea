/**
 * Fleet control's answer to one request of a vehicle (VDA 5050 3.0 sections 6.9 and 7.5). What is granted is allowed
 * until `leaseUntilMs`, for good when there is none; granted again with a later end, it is prolonged.
 */
export type AccessResponse =
  | { readonly requestId: string; readonly grant: "GRANTED"; readonly leaseUntilMs?: number }
  | { readonly requestId: string; readonly grant: "QUEUED" | "REJECTED" | "REVOKED" };
