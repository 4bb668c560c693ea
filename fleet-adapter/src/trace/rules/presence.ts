import { isOf, type Rule, saidAs } from "../rule.ts";
import { sections } from "../versions.ts";

/** Rules on how a vehicle shows that it is there, and who is in control of it. */

const LONGEST_SILENCE_MS = 30_000;
/** A state that was due in time may be heard a little late. */
const LATE_MS = 1_000;

const heartbeat: Rule = {
  id: "state-every-30-s",
  party: "vehicle",
  says: "A vehicle that is online sends its state at least every 30 s.",
  sections: sections("6.10", "6.6"),
  check(talk, judge) {
    let last: { readonly heardAtMs: number; readonly line: number } | undefined;
    for (const one of talk.heard) {
      // Between two sessions nobody can be heard, and who hibernates need not speak.
      if (isOf(one, "connection")) last = undefined;
      if (!isOf(one, "state")) continue;
      if (last !== undefined) {
        judge.occasion(one);
        const silentMs = one.heardAtMs - last.heardAtMs;
        if (silentMs > LONGEST_SILENCE_MS + LATE_MS)
          judge.violation(one, {
            expected: "within 30 s",
            found: `after ${(silentMs / 1000).toFixed(1)} s`,
            because: [last.line],
          });
      }
      last = one;
    }
  },
};

const present: Rule = {
  id: "online-before-state",
  party: "vehicle",
  says: "A vehicle says ONLINE when it comes, and again after its connection broke, before it reports.",
  sections: sections("6.14", "6.5"),
  check(talk, judge) {
    for (const one of saidAs(talk, "state")) {
      judge.occasion(one);
      const { connection } = one.before;
      if (connection?.value === "ONLINE") continue;
      const expected = "ONLINE on connection";
      if (connection === undefined)
        judge.doubt(one, { expected, found: "nothing on connection in this trace" });
      else judge.violation(one, { expected, found: connection.value, because: [connection.heard.line] });
    }
  },
};

const CLEARS_IN_2: ReadonlySet<string> = new Set(["MANUAL"]);
const CLEARS_IN_3: ReadonlySet<string> = new Set(["MANUAL", "STARTUP", "SERVICE", "TEACH_IN"]);

const cleared: Rule = {
  id: "manual-clears-order",
  party: "vehicle",
  says: "A vehicle that a person takes in hand clears its order at once.",
  sections: sections("6.10.6 (operating modes)", "6.6.6, 6.6.7"),
  check(talk, judge) {
    for (const one of saidAs(talk, "state")) {
      const { operatingMode, nodeStates, edgeStates } = one.message.state;
      if (!(one.version === "3.0" ? CLEARS_IN_3 : CLEARS_IN_2).has(operatingMode)) continue;
      judge.occasion(one);
      const left = nodeStates.length + edgeStates.length;
      if (left > 0)
        judge.violation(one, {
          expected: `no way left in ${operatingMode}`,
          found: `${left} nodes and edges`,
        });
    }
  },
};

export const PRESENCE_RULES: readonly Rule[] = [heartbeat, present, cleared];
