import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BACK_BARS, STEPS } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import en from "./en.json" with { type: "json" };
import vi from "./vi.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

const TEXTS: Readonly<Record<"en" | "vi" | "zh", Readonly<Record<string, string>>>> = { en, vi, zh };
const LANGUAGES = ["en", "vi", "zh"] as const;
const SOURCE = join(import.meta.dirname, "..");

const source = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
  .map((name) => readFileSync(join(SOURCE, name), "utf8"))
  .join("\n");

/** Families whose last part is only known at run time: a template literal `family.${...}` uses all of them. */
const families = [...source.matchAll(/`([a-z]\w*(?:\.\w+)*\.)\$\{/g)]
  .map((match) => match[1] ?? "")
  // Keys of the browser's storage and of the page's address look alike.
  .filter((family) => !["baton.", "token."].some((other) => family.startsWith(other)));
const literals = new Set([...source.matchAll(/"([a-zA-Z]+(?:\.[\w-]+)+)"/g)].map((match) => match[1] ?? ""));
const asked = [...source.matchAll(/\b(?:t|translate)\(\s*(?:\w+ \? )?"([^"]+)"/g)].map(
  (match) => match[1] ?? "",
);

/** With the form in which they are said, if there is one: `{{officers, list}}`. */
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+(?:, \w+)?)\}\}/g)].map((match) => match[1] ?? "").sort();

describe("texts", () => {
  it("are the same keys in every language, in the same order", () => {
    for (const language of LANGUAGES) expect(Object.keys(TEXTS[language])).toEqual(Object.keys(en));
  });

  it("have the same placeholders in every language, and are never empty", () => {
    for (const language of LANGUAGES) {
      for (const [key, text] of Object.entries(TEXTS[language])) {
        expect(text.trim(), `${language} ${key}`).not.toBe("");
        expect(placeholders(text), `${language} ${key}`).toEqual(placeholders(TEXTS.en[key] ?? ""));
      }
    }
  });

  it("exist for every key that the source asks for", () => {
    expect(asked.length).toBeGreaterThan(40);
    for (const key of asked) expect(Object.keys(en)).toContain(key);
    for (const family of families) {
      expect(
        Object.keys(en).some((key) => key.startsWith(family)),
        `a text for \`${family}\${…}\``,
      ).toBe(true);
    }
  });

  it("are all used", () => {
    const unused = Object.keys(en).filter(
      (key) => !literals.has(key) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });

  it("name every step, status and priority of the contract", () => {
    const values: Readonly<Record<string, readonly string[]>> = {
      step: STEPS,
      status: ["running", "held", "done", "returned"],
      "alarm.priority": ["critical", "high", "medium", "low"],
      "alarm.state": ["unacknowledged", "acknowledged", "returned"],
      side: ["vn", "cn"],
      direction: ["export", "import"],
      link: ["connecting", "live", "lost", "refused"],
      borderline: ["online", "silent", "unknown"],
      "handoff.role": ["giver", "taker"],
      view: ["1", "2", "3", "4"],
      theme: ["dark", "light", "contrast"],
      why: BACK_BARS,
    };
    for (const [family, members] of Object.entries(values)) {
      for (const member of members) expect(Object.keys(en)).toContain(`${family}.${member}`);
    }
  });

  it("say of every trouble of a hand-off what it is, what it leads to and what to do", () => {
    const troubles = [
      ...["partner-silent", "clock-skew", "signature-refused", "answer-untrusted", "message-refused"],
      ...["handoff-unknown", "mode-not-served", "no-transfer-device", "vehicle-already-offered"],
      ...["not-holder", "switched-without-go", "custody-disagrees", "vehicle-not-switching"],
      ...["transfer-device-failed", "resolution-awaited", "resolution-disagrees"],
      ...["store-unreachable", "superseded", "internal"],
    ];
    for (const trouble of troubles)
      for (const part of ["code", "effect", "action"])
        expect(Object.keys(en)).toContain(`alarm.${part}.handoff.${trouble}`);
    for (const trouble of troubles)
      expect(
        Object.keys(en).some((key) => key.startsWith(`alarm.detail.handoff.${trouble}`)),
        trouble,
      ).toBe(true);
  });

  it("say of every fault that is for the engineer what it is in this case, what it leads to and what to do", () => {
    const faults = [
      ...["mission.halted", "mission.overtaken", "mission.store-unreachable", "mission.unreadable"],
      ...["reservation.leadership-lost", "reservation.ledger-refused", "reservation.halted"],
      ...["reservation.zone-down", "ledger.unreachable", "vehicle.unplaced"],
      ...["fleet.order-refused", "fleet.not-reflected", "fleet.invalid-message", "fleet.beyond-base"],
      ...["fleet.vehicle-error", "fleet.too-many-vehicles"],
    ];
    for (const fault of faults)
      for (const part of ["code", "detail", "effect", "action"])
        expect(Object.keys(en)).toContain(`alarm.${part}.${fault}`);
  });

  it("are not left in English by oversight", () => {
    const same = Object.entries(en)
      .filter(([key, text]) => TEXTS.zh[key] === text)
      .map(([key]) => key);
    expect(same.sort()).toEqual(["app.name", "clock.utc", "handoff.phase.other", "vehicle.battery"]);
  });
});
