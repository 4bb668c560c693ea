import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { Manifest } from "../handoff/manifest.ts";

/**
 * What of a manifest may be kept back from the partner. The rest is what a hand-off cannot be without: the container, its
 * seals and declared weight, the vehicle. Personal data (a driver, a truck's plate, a consignee) is no part of a manifest.
 */
export const WITHHOLDABLE = [
  "container.weighedGrossKg",
  "container.scaleClass",
  "container.goodsSummary",
  "container.dangerousGoodsClass",
  "consignment",
  "consignment.ucr",
  "scan",
  "scan.verdict",
  "quarantine",
] as const;

/** What of our missions the partner sees besides container, direction, step and hand-off. */
export const SHAREABLE_MISSION_FIELDS = ["orderId", "slot", "returnLoad", "vehicleId"] as const;

export const SharingPolicy = Type.Object(
  {
    /** Manifest fields that do not leave this side. */
    withhold: Type.Array(Type.Enum([...WITHHOLDABLE]), { default: [] }),
    /** Further mission fields that do. */
    shareMissionFields: Type.Array(Type.Enum([...SHAREABLE_MISSION_FIELDS]), {
      default: [...SHAREABLE_MISSION_FIELDS],
    }),
  },
  { additionalProperties: false },
);
export type SharingPolicy = Static<typeof SharingPolicy>;
const check = Compile(SharingPolicy);

export const SHARE_ALL: SharingPolicy = { withhold: [], shareMissionFields: [...SHAREABLE_MISSION_FIELDS] };

/** @throws {Error} that says what of the content is not a policy. */
export function sharingPolicyFrom(content: unknown): SharingPolicy {
  const policy: unknown =
    typeof content === "object" && content !== null ? { ...SHARE_ALL, ...content } : content;
  if (check.Check(policy)) return policy;
  const [first] = check.Errors(policy);
  throw new Error(`sharing policy: ${first?.instancePath ?? ""} ${first?.message ?? "is not valid"}`);
}

/** Who is written of in free text by an address or a number to call is a person. */
const PERSONAL = [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu, /\+?\d(?:[ .-]?\d){8,14}/g] as const;

export function withoutPersonalData(text: string): string {
  return PERSONAL.reduce((left, pattern) => left.replace(pattern, "[withheld]"), text);
}

/** The manifest as the partner gets it. Both sides then have the same one, so that their custody records agree. */
export function sharedManifest(manifest: Manifest, { withhold }: SharingPolicy): Manifest {
  const keeps = (field: (typeof WITHHOLDABLE)[number]): boolean => !withhold.includes(field);
  const { container, consignment, scan, quarantine, ...rest } = manifest;
  return {
    ...rest,
    ...(container === undefined ? {} : { container: sharedContainer(container, keeps) }),
    ...(consignment === undefined || !keeps("consignment")
      ? {}
      : { consignment: without(consignment, keeps("consignment.ucr") ? [] : ["ucr"]) }),
    ...(scan === undefined || !keeps("scan")
      ? {}
      : { scan: without(scan, keeps("scan.verdict") ? [] : ["verdict"]) }),
    ...(quarantine === undefined || !keeps("quarantine") ? {} : { quarantine }),
  };
}

function sharedContainer(
  container: NonNullable<Manifest["container"]>,
  keeps: (field: (typeof WITHHOLDABLE)[number]) => boolean,
): NonNullable<Manifest["container"]> {
  const hidden = (["weighedGrossKg", "scaleClass", "dangerousGoodsClass"] as const).filter(
    (name) => !keeps(`container.${name}`),
  );
  const goodsSummary = keeps("container.goodsSummary") ? withoutPersonalData(container.goodsSummary) : "";
  return { ...without(container, hidden), goodsSummary };
}

function without<Value extends object, Name extends keyof Value>(
  value: Value,
  names: readonly Name[],
): Value {
  const left = { ...value };
  for (const name of names) delete left[name];
  return left;
}
