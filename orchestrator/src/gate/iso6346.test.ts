import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDigitOf, readContainerNumber } from "./iso6346.ts";

describe("a container number", () => {
  it.each(["CSQU3054383", "MSKU6011672", "TOLU4734787"])("%s is valid", (containerNo) => {
    const reading = readContainerNumber(containerNo);
    expect(reading).toMatchObject({ kind: "valid", number: { containerNo } });
  });

  it("is read as people write it", () => {
    expect(readContainerNumber("csqu 305438-3")).toMatchObject({
      kind: "valid",
      number: {
        containerNo: "CSQU3054383",
        ownerCode: "CSQ",
        category: "U",
        serialNumber: "305438",
        checkDigit: 3,
      },
    });
  });

  it.each([
    ["CSQU305438", "length"],
    ["C5QU3054383", "owner-code"],
    ["CSQX3054383", "category"],
    ["CSQU30543A3", "serial-number"],
    ["CSQU3054384", "check-digit"],
  ])("%s is refused for its %s", (text, code) => {
    expect(readContainerNumber(text)).toMatchObject({ kind: "invalid", code });
  });

  it("names the digit that would have been right", () => {
    const reading = readContainerNumber("CSQU3054384");
    expect(reading.kind === "invalid" && reading.reason).toBe('The check digit of CSQU305438 is 3, not "4".');
  });

  it("is refused when any one digit of its serial number is misread, unless the sum hides it by the ten that counts as nought", () => {
    const serial = fc.integer({ min: 0, max: 999_999 }).map((n) => String(n).padStart(6, "0"));
    fc.assert(
      fc.property(serial, fc.nat(5), fc.integer({ min: 1, max: 9 }), (digits, place, shift) => {
        const right = `MSKU${digits}`;
        const wrongDigit = String((Number(digits.charAt(place)) + shift) % 10);
        const wrong = `MSKU${digits.slice(0, place)}${wrongDigit}${digits.slice(place + 1)}`;
        const hidden = checkDigitOf(right) === 0 && checkDigitOf(wrong) === 0;
        const reading = readContainerNumber(`${wrong}${checkDigitOf(right)}`);
        expect(reading.kind === "invalid" || hidden).toBe(true);
      }),
    );
  });
});
