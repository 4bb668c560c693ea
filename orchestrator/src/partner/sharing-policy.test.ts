import { describe, expect, it } from "vitest";
import { manifest } from "../handoff/testing/two-sides.ts";
import { SHARE_ALL, sharedManifest, sharingPolicyFrom, WITHHOLDABLE } from "./sharing-policy.ts";

describe("what leaves a side", () => {
  it("is the whole manifest when nothing is withheld", () => {
    expect(sharedManifest(manifest, SHARE_ALL)).toEqual(manifest);
  });

  it.each(WITHHOLDABLE)("has no %s when the policy withholds it, and all the rest", (field) => {
    const [part = "", name] = field.split(".");
    const shared = JSON.stringify(sharedManifest(manifest, { ...SHARE_ALL, withhold: [field] }));
    const value: unknown = Object(Object(manifest)[part])[name ?? ""] ?? Object(manifest)[part];
    if (value !== undefined && name !== undefined && Object(Object(manifest)[part])[name] !== undefined) {
      expect(shared).not.toContain(JSON.stringify(value));
    }
    if (name === undefined) expect(shared).not.toContain(`"${part}"`);
    expect(shared).toContain("CSQU3054383");
    expect(shared).toContain("VN-0042");
  });

  it("names nobody: addresses and telephone numbers in the words of the goods do not leave", () => {
    const { container } = manifest;
    if (container === undefined) throw new Error("a container");
    const told = {
      ...container,
      goodsSummary: "fruit, ask an.nguyen@example.vn or +84 912 345 678, 20 pallets",
    };
    const shared = sharedManifest({ ...manifest, container: told }, SHARE_ALL);
    expect(shared.container?.goodsSummary).toBe("fruit, ask [withheld] or [withheld], 20 pallets");
  });

  it("is decided by a file that says what it means, or by none", () => {
    expect(sharingPolicyFrom({})).toEqual(SHARE_ALL);
    expect(sharingPolicyFrom({ withhold: ["scan"] }).withhold).toEqual(["scan"]);
    expect(() => sharingPolicyFrom({ withhold: ["container.containerNo"] })).toThrow(
      /sharing policy: \/withhold/,
    );
    expect(() => sharingPolicyFrom({ withold: [] })).toThrow(/sharing policy/);
  });
});
