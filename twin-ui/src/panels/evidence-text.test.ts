import type { Evidence } from "@baton/orchestrator/contract";
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import en from "../i18n/en.json" with { type: "json" };
import vi from "../i18n/vi.json" with { type: "json" };
import zh from "../i18n/zh.json" with { type: "json" };
import { evidenceText } from "./evidence-text.ts";

const LANGUAGES = ["en", "vi", "zh"] as const;

/** One of each: a code that is added to the contract has no place here until it is said. */
const ONE_OF_EACH: { readonly [C in Evidence["code"]]: Evidence & { readonly code: C } } = {
  picture: { code: "picture", reference: "picture/vn.portal-1/7" },
  vehicle: { code: "vehicle", reference: "sim.vn-01" },
  "vehicle-called-off": { code: "vehicle-called-off", reference: "sim.vn-01" },
  "vehicle-left": { code: "vehicle-left", reference: "sim.vn-01" },
  scan: { code: "scan", reference: "uff/vn/f2010" },
  certificate: { code: "certificate", reference: "GP-7/2026" },
  handoff: { code: "handoff", reference: "0192f3" },
  "custody-record": { code: "custody-record", reference: "9f86d0" },
  confirmation: { code: "confirmation", reference: "clearance-1" },
  slot: { code: "slot", slot: "2026-11-22/7" },
  seal: { code: "seal", sealNo: "VN-77" },
  landed: { code: "landed" },
  "scan-clear": { code: "scan-clear" },
  "scan-suspect": { code: "scan-suspect" },
  "not-listed": { code: "not-listed" },
  released: { code: "released", account: "customs-1" },
  "to-inspect": { code: "to-inspect", account: "customs-1" },
  "let-through": { code: "let-through", account: "guard-1" },
  adopted: { code: "adopted", account: "an" },
  weighed: { code: "weighed", grossKg: 12_240, declaredKg: 12_000 },
  inspected: { code: "inspected", officers: ["mai", "lan"] },
  "on-paper": { code: "on-paper", documentNo: "GP-7/2026", accounts: ["mai", "lan"] },
  accepted: { code: "accepted", mismatch: "seal-broken", account: "an" },
};

const i18n = i18next.createInstance();
const said = (lng: (typeof LANGUAGES)[number], evidenceParts: Evidence): string =>
  evidenceText(i18n.getFixedT(lng), { evidence: "in English", evidenceParts });

/** Every name and figure that stands in evidence. */
const valuesOf = ({ code: _, ...values }: Evidence): string[] =>
  Object.entries(values).flatMap(([name, value]) => (name === "mismatch" ? [] : [value].flat().map(String)));

describe("by what a step was done", () => {
  beforeAll(async () => {
    await i18n.init({
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      resources: { en: { translation: en }, vi: { translation: vi }, zh: { translation: zh } },
    });
  });

  it.each(Object.values(ONE_OF_EACH))(
    "is told in every language, with all its names and figures: $code",
    (evidence) => {
      for (const language of LANGUAGES) {
        const text = said(language, evidence);
        for (const value of valuesOf(evidence)) expect(text).toContain(value);
        expect(text).not.toMatch(/[{}]|in English|evidence\.|held\./);
      }
      const isReference = "reference" in evidence;
      expect(new Set(LANGUAGES.map((language) => said(language, evidence))).size).toBe(isReference ? 1 : 3);
    },
  );

  it("is told in the reader's words", () => {
    expect(said("zh", ONE_OF_EACH.landed)).toBe("已落箱");
    expect(said("zh", ONE_OF_EACH.released)).toBe("放行 · customs-1");
    expect(said("zh", ONE_OF_EACH.weighed)).toBe("12240 kg，申报 12000 kg");
    expect(said("vi", ONE_OF_EACH.inspected)).toBe("mai và lan giải phóng");
    expect(said("zh", ONE_OF_EACH.accepted)).toBe(`${zh["held.seal-broken"]}：an 认可`);
  });

  it("is its text where its parts were not recorded, or are not known to this page", () => {
    const t = i18n.getFixedT("zh");
    expect(evidenceText(t, { evidence: "seal VN-77" })).toBe("seal VN-77");
    expect(evidenceText(t, { evidence: "thawed", evidenceParts: { code: "thawed" } })).toBe("thawed");
    expect(evidenceText(t, {})).toBe("");
  });
});
