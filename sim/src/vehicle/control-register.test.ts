import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ControlRegister, latch, transferControl, unlatch } from "./control-register.ts";

const held: ControlRegister = { authority: "vn", epoch: 4, handoffId: "h-3" };
const request = { from: "vn", expectedEpoch: 4, to: "cn", handoffId: "h-4" } as const;

describe("the control register", () => {
  it("passes to the other side when its holder asks with the right epoch", () => {
    expect(transferControl(held, request, "vn", undefined)).toEqual({
      kind: "changed",
      register: { authority: "cn", epoch: 5, handoffId: "h-4" },
    });
  });

  it("is not changed by the side that does not hold it", () => {
    expect(transferControl(held, request, "cn", undefined).kind).toBe("refused");
  });

  it("is not changed with an epoch of the past or the future", () => {
    expect(transferControl(held, { ...request, expectedEpoch: 3 }, "vn", undefined).kind).toBe("refused");
    expect(transferControl(held, { ...request, expectedEpoch: 5 }, "vn", undefined).kind).toBe("refused");
  });

  it("is not changed while the vehicle moves or has an order", () => {
    expect(transferControl(held, request, "vn", "the vehicle moves").kind).toBe("refused");
  });

  it("knows a transfer that was done already, and does not do it twice", () => {
    const done = transferControl(held, request, "vn", undefined);
    if (done.kind !== "changed") throw new Error("not changed");
    expect(transferControl(done.register, request, "vn", undefined)).toEqual({ kind: "unchanged" });
  });

  it("refuses a late transfer once the holder has raised the epoch by transferring to itself", () => {
    const fenced = transferControl(held, { ...request, to: "vn", handoffId: "fence" }, "vn", undefined);
    if (fenced.kind !== "changed") throw new Error("not changed");
    expect(fenced.register).toEqual({ authority: "vn", epoch: 5, handoffId: "fence" });
    expect(transferControl(fenced.register, request, "vn", undefined).kind).toBe("refused");
  });

  it("lets the epoch grow by one with each change, and changes for nobody but the holder, whatever is asked", () => {
    const side = fc.constantFrom("vn" as const, "cn" as const);
    const asked = fc.record({
      askedBy: side,
      free: fc.boolean(),
      from: side,
      to: side,
      expectedEpoch: fc.integer({ min: 0, max: 6 }),
      handoffId: fc.constantFrom("a", "b", "c"),
    });
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 40 }), (requests) => {
        let register: ControlRegister = { authority: "vn", epoch: 0 };
        for (const { askedBy, free, ...transfer } of requests) {
          const outcome = transferControl(register, transfer, askedBy, free ? undefined : "moves");
          if (outcome.kind !== "changed") continue;
          expect(askedBy).toBe(register.authority);
          expect(free || outcome.register.authority === register.authority).toBe(true);
          expect(outcome.register.epoch).toBe(register.epoch + 1);
          expect(outcome.register.authority).toBe(transfer.to);
          register = outcome.register;
        }
      }),
    );
  });
});

describe("the pause latches", () => {
  it("are one a side: clearing one leaves the other", () => {
    const both = latch(latch([], "vn"), "cn");
    expect(unlatch(both, "vn")).toEqual(["cn"]);
    expect(unlatch(unlatch(both, "vn"), "cn")).toEqual([]);
  });

  it("stay as they are when set or cleared twice", () => {
    const one = latch([], "vn");
    expect(latch(one, "vn")).toBe(one);
    const none = unlatch(one, "vn");
    expect(unlatch(none, "vn")).toBe(none);
  });
});
