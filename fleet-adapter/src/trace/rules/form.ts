import type { Rule } from "../rule.ts";
import { sections } from "../versions.ts";

/** Rules on every message, whoever sent it. */

const shape: Rule = {
  id: "message-shape",
  party: "both",
  says: "Every message is JSON with the fields and words of its version.",
  sections: sections("6.1", "7"),
  check({ heard }, judge) {
    for (const one of heard) {
      judge.occasion(one);
      if (one.flaw === undefined) continue;
      judge.violation(one, { expected: `a ${one.subtopic} of version ${one.version}`, found: one.flaw });
    }
  },
};

const address: Rule = {
  id: "header-names-vehicle",
  party: "both",
  says: "The header names the vehicle and the major version of its topic.",
  sections: sections("6.3, 6.4", "4.2, 7.2"),
  check({ heard }, judge) {
    for (const one of heard) {
      if (one.header === undefined) continue;
      judge.occasion(one);
      const { manufacturer, serialNumber, version } = one.header;
      const { topic } = one;
      const expected = `${topic.manufacturer}/${topic.serialNumber}, version ${topic.majorVersion.slice(1)}.x.y`;
      const isMajor = version.startsWith(`${topic.majorVersion.slice(1)}.`);
      if (manufacturer === topic.manufacturer && serialNumber === topic.serialNumber && isMajor) continue;
      judge.violation(one, { expected, found: `${manufacturer}/${serialNumber}, version ${version}` });
    }
  },
};

const counted: Rule = {
  id: "header-id-counts",
  party: "both",
  says: "headerId goes up by one with each message of a topic; it starts again at 0 only when its sender does.",
  sections: sections("6.4", "7.2"),
  check({ heard }, judge) {
    const last = new Map<string, { readonly headerId: number; readonly line: number }>();
    for (const one of heard) {
      // A last will was written when the session began: its count and time are old ones (2.1 section 6.14, 3.0 section 6.5).
      if (one.header === undefined || one.subtopic === "connection") continue;
      const { headerId } = one.header;
      const before = last.get(one.subtopic);
      last.set(one.subtopic, { headerId, line: one.line });
      if (before === undefined) continue;
      judge.occasion(one);
      const wraps = before.headerId === 2 ** 32 - 1;
      if (headerId === before.headerId + 1 || headerId === 0 || (wraps && headerId === 0)) continue;
      const finding = {
        expected: `${before.headerId + 1}, or 0 after a restart`,
        found: `${headerId}`,
        because: [before.line],
      };
      if (headerId > before.headerId) judge.doubt(one, finding);
      else judge.violation(one, finding);
    }
  },
};

const clock: Rule = {
  id: "timestamp-utc",
  party: "both",
  says: "The timestamp is ISO 8601 in UTC, YYYY-MM-DDTHH:mm:ss.fffZ.",
  sections: sections("6.4", "7.2"),
  check({ heard }, judge) {
    for (const one of heard) {
      if (one.header === undefined) continue;
      judge.occasion(one);
      const { timestamp } = one.header;
      const fits =
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(timestamp) && !Number.isNaN(Date.parse(timestamp));
      if (!fits) judge.violation(one, { expected: "YYYY-MM-DDTHH:mm:ss.fffZ", found: timestamp });
    }
  },
};

const quality: Rule = {
  id: "quality-of-service",
  party: "both",
  says: "connection is sent at QoS 1, every other topic at QoS 0.",
  sections: sections("6.2", "4.1"),
  check({ heard }, judge) {
    for (const one of heard) {
      judge.occasion(one);
      const qos = one.subtopic === "connection" ? 1 : 0;
      if (one.qos !== qos) judge.violation(one, { expected: `QoS ${qos}`, found: `QoS ${one.qos}` });
    }
  },
};

const retained: Rule = {
  id: "connection-retained",
  party: "vehicle",
  says: "Messages on connection are sent with the retained flag; no order or instant action is.",
  sections: sections("6.14", "6.5"),
  check({ heard }, judge) {
    for (const one of heard) {
      const mustBe = one.subtopic === "connection";
      if (!mustBe && one.subtopic !== "order" && one.subtopic !== "instantActions") continue;
      judge.occasion(one);
      const expected = mustBe
        ? "retained"
        : "not retained: a vehicle that comes back must not find an old command";
      if (one.retain === undefined) {
        if (mustBe) judge.doubt(one, { expected, found: "the recorder could not see the flag (MQTT 3.1.1)" });
      } else if (one.retain !== mustBe) {
        judge.violation(one, { expected, found: one.retain ? "retained" : "not retained" });
      }
    }
  },
};

export const FORM_RULES: readonly Rule[] = [shape, address, counted, clock, quality, retained];
