import type { AlarmView } from "@baton/orchestrator/contract";
import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import en from "../i18n/en.json" with { type: "json" };
import vi from "../i18n/vi.json" with { type: "json" };
import zh from "../i18n/zh.json" with { type: "json" };
import { alarmDetail, type Texts } from "./alarm-detail.ts";

const LANGUAGES = ["en", "vi", "zh"] as const;
let texts: Readonly<Record<(typeof LANGUAGES)[number], Texts>>;
beforeAll(async () => {
  const i18n = i18next.createInstance();
  await i18n.init({
    lng: "en",
    resources: { en: { translation: en }, vi: { translation: vi }, zh: { translation: zh } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  const of = (lng: string): Texts => {
    const t = i18n.getFixedT(lng);
    return { t: (key, values) => t(key, values), exists: (key) => i18n.exists(key, { lng }) };
  };
  texts = { en: of("en"), vi: of("vi"), zh: of("zh") };
});

const alarm = (given: Partial<AlarmView>): AlarmView => ({
  alarmId: "a",
  side: "vn",
  code: "mission.held",
  detail: "in English",
  priority: "high",
  state: "unacknowledged",
  raisedAtMs: 0,
  occurrences: 1,
  ...given,
});

test("a held mission is told by its container, its step and what holds it, in the reader's words", () => {
  const held = alarm({
    facts: { containerNo: "CSQU3054383", step: "scan", cause: "device-silent", said: "scanner-1" },
  });
  for (const language of LANGUAGES) {
    const text = alarmDetail(texts[language], held);
    expect(text).toContain("305438");
    expect(text).toContain("scanner-1");
    expect(text).not.toContain("{{");
  }
  expect(alarmDetail(texts.en, held)).toContain("Device does not answer");
  expect(alarmDetail(texts.zh, held)).toContain("设备无应答");
});

test("the ids of a way that was refused are for the log, not for the reader", () => {
  const refused = alarm({
    facts: { containerNo: "CSQU3054383", step: "scan", cause: "leg-refused", said: "01.scan: no-path" },
  });
  for (const language of LANGUAGES) expect(alarmDetail(texts[language], refused)).not.toContain("01.scan");
});

test("nothing on board, a time and the side that commands are told in words", () => {
  const lost = alarm({
    code: "vehicle.load-changed",
    vehicleId: "sim.vn-04",
    facts: { loadsBefore: "", loadsNow: "CSQU3054383" },
  });
  expect(alarmDetail(texts.en, lost)).toContain("nothing");
  const stalled = alarm({
    code: "handoff.stalled-astride",
    vehicleId: "sim.vn-04",
    facts: { cause: "stopped", seconds: 25, commands: "cn" },
  });
  expect(alarmDetail(texts.en, stalled)).toMatch(/vn-04 .* 25 s.*Commanded by: China/);
});

test("a vehicle's own error, a failed vehicle, a zone that stands and a partner's clock are told in the reader's language", () => {
  const error = alarm({ code: "fleet.error.no-way", vehicleId: "sim.vn-04", facts: { said: "blocked" } });
  const failed = alarm({ code: "vehicle.failed", vehicleId: "sim.vn-04", facts: { said: "smoke" } });
  const zone = alarm({ code: "reservation.zone-down", facts: { place: "vn.yard" } });
  const clock = alarm({ code: "handoff.clock-skew", facts: { cause: "ahead", seconds: 3.4 } });
  expect(alarmDetail(texts.zh, error)).toBe("vn-04 报告：blocked");
  expect(alarmDetail(texts.vi, failed)).toBe("vn-04 bị đánh dấu hỏng: smoke");
  expect(alarmDetail(texts.en, zone)).toContain("in zone vn.yard");
  expect(alarmDetail(texts.en, clock)).toBe("The partner's clock is 3 s ahead of this side's.");
});

test("troubles of a hand-off and faults for the engineer are told in the reader's language, with what was said as it was said", () => {
  const lost = alarm({
    code: "handoff.resolution-awaited",
    vehicleId: "sim.vn-04",
    facts: { cause: "taker", containerNo: "CSQU3054383", said: "it burnt out (wei)" },
  });
  const replayed = alarm({ code: "handoff.signature-refused", facts: { cause: "replayed", said: "x" } });
  const refused = alarm({ code: "handoff.signature-refused", facts: { cause: "expired", said: "expired" } });
  const fault = alarm({ code: "mission.halted", facts: { said: "TypeError" } });
  expect(alarmDetail(texts.zh, lost)).toMatch(/vn-04.*305438.*接收方持有。it burnt out \(wei\)/);
  expect(alarmDetail(texts.vi, replayed)).toContain("lần thứ hai");
  expect(alarmDetail(texts.vi, refused)).toContain("bị từ chối: expired");
  expect(alarmDetail(texts.zh, fault)).toBe("供工程师参考：TypeError");
});

test("a code without a text, and an alarm that lacks what its text tells of, are told as the orchestrator said", () => {
  expect(alarmDetail(texts.vi, alarm({ code: "some.new-code" }))).toBe("in English");
  expect(alarmDetail(texts.vi, alarm({}))).toBe("in English");
});
