import type { BlockId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import { findCircle } from "../testing/dependency-graph.ts";
import { wrongTimes } from "../testing/projected-times.ts";
import { scene } from "../testing/scene.ts";
import { retime, spread } from "./retime.ts";
import { ENDLESS } from "./ticks.ts";

describe("who is ready jumps", () => {
  test("ahead of a claim whose vehicle is not there yet", () => {
    const { zone, vehicle, order } = scene({ ways: { A: "a c d p e", B: "b p f" } });
    expect(order("p")).toBe("AB");
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(order("p")).toBe("BA");
    expect(findCircle(zone)).toBeUndefined();
  });

  test("ahead on all the ground that both need, one block after the other", () => {
    const { zone, vehicle, order } = scene({ ways: { A: "a c d p q r e", B: "b p q r f" } });
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect([order("p"), order("q"), order("r")]).toEqual(["BA", "BA", "BA"]);
  });

  test("through third vehicles, when they come after the one that is passed and before the one that jumps", () => {
    const { zone, vehicle, order } = scene({
      ways: { A: "a c p m e", D: "d m q g", B: "b p q f" },
      orders: { m: "AD", q: "DB" },
    });
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(order("q")).toBe("BD");
    expect(findCircle(zone)).toBeUndefined();
  });

  test("and leaves the order where nothing asks for another", () => {
    const { zone, vehicle, order } = scene({
      ways: { A: "a c p e", D: "d q g", B: "b p q f" },
      orders: { q: "DB" },
    });
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(order("q")).toBe("DB");
  });

  test("not ahead of what is granted", () => {
    const { zone, vehicle, order } = scene({ ways: { A: "a p c e", B: "b p f" } });
    const leg = vehicle("A").leg;
    if (leg !== undefined) leg.grantedRuns = 1;
    retime(zone);
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(false);
    expect(order("p")).toBe("AB");
  });

  test("not onto ground that someone holds", () => {
    const { zone, vehicle } = scene({ ways: { A: "a c p e", B: "b p f" } });
    zone.claims.hold(zone.network.blockIndex("p" as BlockId) ?? -1, vehicle("A"));
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(false);
  });

  test("not when another would have to wait for it for ever", () => {
    const { zone, vehicle, order } = scene({ ways: { A: "a c p e", B: "b p" } });
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(false);
    expect(order("p")).toBe("AB");
  });

  test("not more often ahead of one leg than the settings allow, so that nobody is passed for ever", () => {
    const { zone, vehicle } = scene({ ways: { A: "a c d p e", B: "b p f", C: "g p h" } });
    vehicle("A").timing.timesJumped = zone.settings.switching.mostTimesJumped - 1;
    expect(zone.jumps.tryJump(zone, vehicle("C"))).toBe(true);
    spread(zone);
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(false);
  });

  test("not when the search gets too long", () => {
    const text = { ways: { A: "a c p q r e", B: "b p q r f" } };
    const cap = (jumpSearchCap: number) => scene({ ...text, switching: { jumpSearchCap } });
    const short = cap(2);
    expect(short.zone.jumps.tryJump(short.zone, short.vehicle("B"))).toBe(false);
    const long = cap(40);
    expect(long.zone.jumps.tryJump(long.zone, long.vehicle("B"))).toBe(true);
  });

  test("not when those that are passed lose more than it gains", () => {
    // A is there in two runs; B needs four to be off p again.
    const settings = (jumpCostWeight: number) => ({ jumpCostWeight });
    const text = { ways: { A: "a c p e", B: "b p pf pg ph i" } };
    const weighed = scene({ ...text, switching: settings(1) });
    expect(weighed.zone.jumps.tryJump(weighed.zone, weighed.vehicle("B"))).toBe(false);
    const always = scene({ ...text, switching: settings(0) });
    expect(always.zone.jumps.tryJump(always.zone, always.vehicle("B"))).toBe(true);
  });
});

describe("closing forward", () => {
  test("looks at the whole queue again after what follows has grown", () => {
    // B before A on p makes D late, so B goes before D on q; then it is long enough on its way to be before E on r.
    // Only that makes C late, which is before D on q, where B has looked already.
    const { zone, vehicle, order } = scene({
      ways: { A: "a z p m 9", C: "c q qu 8", D: "d y m q s 7", E: "u r rn s 6", B: "b p q r 5" },
      orders: { p: "AB", m: "AD", q: "CDB", s: "DE", r: "EB", u: "EC" },
    });
    expect(findCircle(zone)).toBeUndefined();
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(findCircle(zone)).toBeUndefined();
    expect([order("p"), order("r"), order("q")]).toEqual(["BA", "BE", "BCD"]);
  });

  test("takes in who came after a claim that was moved away", () => {
    // A stands long on x. S came after B there; once B is ahead of A, S comes after A, and S is before B on w.
    const { zone, vehicle, order } = scene({
      ways: { A: "a z p x xy xv 9", B: "b p x y v w 8", S: "s x w 7" },
      orders: { p: "AB", x: "ABS", y: "AB", v: "AB", w: "SB" },
    });
    expect(findCircle(zone)).toBeUndefined();
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(findCircle(zone)).toBeUndefined();
    expect(order("w")).toBe("BS");
  });

  test("counts who is still leaving the place where the way ends", () => {
    // D leaves B's bay g only after A, which B would make wait on p until it is in that bay.
    const { zone, vehicle, order } = scene({
      ways: { D: "g m 9", A: "a z p m 8", B: "b p g" },
      orders: { m: "AD", g: "DB" },
    });
    expect(findCircle(zone)).toBeUndefined();
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(false);
    expect([order("p"), order("g")]).toEqual(["AB", "DB"]);
  });

  test("sees a stop that begins in this moment", () => {
    // D is late on its way to m: who comes after it on n, and so B on q, has not been timed again yet. A search in the
    // order of times that are half old would end before it came from A over D to C, which is before B on q.
    const { zone, vehicle, order } = scene({
      ways: { A: "a c p m e", D: "d m n g", C: "h n q i", B: "b p q f" },
      orders: { m: "AD", n: "DC", q: "CB" },
    });
    const late = vehicle("D").leg;
    for (let k = 0; late !== undefined && k <= 2; k++) late.entryTick[k] = 500 + 4 * k;
    for (const visit of vehicle("D").visits) if (visit.clearTick < ENDLESS) visit.clearTick = 520;
    zone.claims.stale.markLate(vehicle("C"), 0);
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(findCircle(zone)).toBeUndefined();
    expect(order("q")).toBe("BC");
  });

  test("raises times before the next jump, as far as that one looks", () => {
    const { zone, vehicle, order } = scene({ ways: { A: "a c d y p e", B: "b p f", C: "g p h" } });
    expect(zone.jumps.tryJump(zone, vehicle("B"))).toBe(true);
    expect(wrongTimes(zone)).not.toEqual([]);
    expect(zone.jumps.tryJump(zone, vehicle("C"))).toBe(true);
    expect(order("p")).toBe("CBA");
    expect(findCircle(zone)).toBeUndefined();
    spread(zone);
    expect(wrongTimes(zone)).toEqual([]);
  });
});
