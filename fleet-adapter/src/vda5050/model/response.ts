/** Fleet control's answer to one request of a vehicle (VDA 5050 3.0 sections 6.9 and 7.5). */
export type AccessResponse = {
  readonly requestId: string;
} & /** Allowed until `leaseUntilMs`, for good when there is none; said again with a later end, it is prolonged. */
(
  | { readonly grant: "GRANTED"; readonly leaseUntilMs?: number }
  | { readonly grant: "QUEUED" | "REJECTED" | "REVOKED" }
);
