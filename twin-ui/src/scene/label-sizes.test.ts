import { describe, expect, it } from "vitest";
import { LabelSizes } from "./label-sizes.ts";

const SIZE = { widthPx: 64, heightPx: 18 };

describe("sizes of labels", () => {
  it("are known for every age once one was measured, since digits are equally wide", () => {
    const sizes = new LabelSizes();
    sizes.keep("vehicle", "V7\n12 s old", SIZE);
    expect(sizes.sizeOf("vehicle", "V8\n59 s old")).toEqual(SIZE);
    expect(sizes.sizeOf("vehicle", "V7\n112 s old")).toBeUndefined();
  });

  it("differ by the looks of a label", () => {
    const sizes = new LabelSizes();
    sizes.keep("vehicle", "V7", SIZE);
    expect(sizes.sizeOf("vehicle is-head", "V7")).toBeUndefined();
  });

  it("are measured anew after another font has come", () => {
    const sizes = new LabelSizes();
    sizes.keep("place", "Scanner", SIZE);
    sizes.forget();
    expect(sizes.sizeOf("place", "Scanner")).toBeUndefined();
  });
});
