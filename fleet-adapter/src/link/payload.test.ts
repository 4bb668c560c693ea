import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectPayload, wirePayload } from "./payload.ts";

describe("a payload from a wire", () => {
  it("says what its JSON says", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = { ok: true, value: JSON.parse(text) };
        expect(wirePayload(text).json()).toEqual(read);
        expect(wirePayload(Buffer.from(text)).json()).toEqual(read);
      }),
    );
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const payload = wirePayload(bytes);
        expect(payload.isEmpty).toBe(bytes.length === 0);
        expect(typeof payload.json().ok).toBe("boolean");
      }),
    );
    // Not UTF-8, although a lenient reader would make a text of it.
    expect(wirePayload(Uint8Array.of(0x22, 0xff, 0x22)).json()).toMatchObject({ ok: false });
  });

  it("is refused unread when it is longer than its receiver takes, counted in bytes", () => {
    const payload = wirePayload('"é"');
    expect(payload.json(4)).toEqual({ ok: true, value: "é" });
    expect(payload.json(3)).toEqual({ ok: false, reason: "has 4 bytes, more than 3" });
  });
});

describe("a payload in memory", () => {
  it("is the very object that was published, each time it is asked", () => {
    const message = { orderId: "o-1" };
    const payload = objectPayload(message);
    expect(payload.isEmpty).toBe(false);
    for (const read of [payload.json(), payload.json(1)]) {
      expect(read.ok && read.value).toBe(message);
    }
  });
});
