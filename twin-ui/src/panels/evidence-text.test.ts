import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import vi from "../i18n/vi.json" with { type: "json" };
import zh from "../i18n/zh.json" with { type: "json" };
import { evidenceText } from "./evidence-text.ts";

const i18n = i18next.createInstance();
const inLanguage =
  (lng: "vi" | "zh") =>
  (evidence: string): string =>
    evidenceText(i18n.getFixedT(lng), (key) => i18n.exists(key, { lng }), evidence);

describe("by what a step was done", () => {
  beforeAll(async () => {
    await i18n.init({
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      resources: { vi: { translation: vi }, zh: { translation: zh } },
    });
  });
  const inChinese = inLanguage("zh");
  const inVietnamese = inLanguage("vi");

  it("is told in the reader's language where a step says it", () => {
    expect(inChinese("landed")).toBe("已落箱");
    expect(inChinese("release, customs-1")).toBe("放行 · customs-1");
    expect(inChinese("12240 kg, declared 12000 kg")).toBe("12240 kg，申报 12000 kg");
    expect(inVietnamese("released by mai and lan")).toContain("mai");
    expect(inVietnamese("on paper GP-7/2026, mai+lan")).toContain("GP-7/2026");
    expect(inChinese("seal-broken accepted by an+lan")).toContain(zh["held.seal-broken"]);
  });

  it.each(["picture/vn.portal-1/7", "uff/vn/f2010", "clearance-1", "odd-code accepted by an"])(
    "is a reference that stays as it is: %s",
    (reference) => {
      expect(inChinese(reference)).toBe(reference);
      expect(inVietnamese(reference)).toBe(reference);
    },
  );
});
