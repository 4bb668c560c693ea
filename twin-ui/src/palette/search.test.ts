import fc from "fast-check";
import { expect, test } from "vitest";
import { found } from "./search.ts";

const entry = (label: string, detail = "") => ({ label, detail });
const labels = (typed: string, ...entries: readonly { label: string; detail: string }[]) =>
  found(entries, typed, 10).map(({ label }) => label);

test("a Vietnamese name is found without its marks, and with them", () => {
  const lane = entry("Làn xuất khẩu 1", "Đường số 3");
  expect(labels("lan xuat", lane)).toEqual(["Làn xuất khẩu 1"]);
  expect(labels("duong so 3", lane)).toEqual(["Làn xuất khẩu 1"]);
  expect(labels("xuất KHẨU", lane)).toEqual(["Làn xuất khẩu 1"]);
});

test("a Chinese name is found by any part of it", () => {
  expect(labels("口岸", entry("友谊关口岸"))).toEqual(["友谊关口岸"]);
});

test("what begins with the typed comes before what has it inside", () => {
  expect(labels("vn-1", entry("x vn-1"), entry("avn-1"), entry("vn-10"))).toEqual([
    "vn-10",
    "x vn-1",
    "avn-1",
  ]);
});

test("every word must be there, in any order", () => {
  expect(labels("stop 07", entry("Stop request", "vn-07"), entry("Stop request", "vn-08"))).toEqual([
    "Stop request",
  ]);
  expect(labels("07 stop", entry("Stop request", "vn-07"))).toHaveLength(1);
});

test("nothing typed shows all, in their own order", () => {
  expect(labels("", entry("b"), entry("a"))).toEqual(["b", "a"]);
});

test("whatever an entry is called, it is found by its own name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
      expect(labels(name, entry(name))).toEqual([name]);
    }),
  );
});
