import type { Side } from "@baton/maps";
import type { MeView } from "@baton/orchestrator/contract";

/** Why an act cannot be done by whoever looks; undefined when it can. */
export type Obstacle =
  | { readonly kind: "other-side"; readonly side: Side }
  | { readonly kind: "other-role"; readonly roles: readonly string[] }
  | { readonly kind: "not-known" }
  /** Not as things are; `why.<why>` is its text. */
  | { readonly kind: "barred"; readonly why: string }
  /** What is shown is another time. */
  | { readonly kind: "replay" };

/** Whether this account may do something on this page's side, and if not, who may. */
export function obstacleTo(
  permission: string,
  me: MeView | undefined,
  ownSide: Side,
  ofSide: Side,
): Obstacle | undefined {
  if (ofSide !== ownSide) return { kind: "other-side", side: ofSide };
  const found = me?.permissions.find((each) => each.permission === permission);
  if (found === undefined) return { kind: "not-known" };
  return found.isAllowed ? undefined : { kind: "other-role", roles: found.roles };
}

/** Whether it takes a second account to agree. */
export const isFourEyes = (permission: string, me: MeView | undefined): boolean =>
  me?.permissions.some((each) => each.permission === permission && each.isFourEyes) === true;
