import type { Site } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../run/comparison.ts";
import type { RunRecord } from "../run/record.ts";
import { madeUpRun } from "../run/testing/made-up-run.ts";
import { comparePage } from "./compare-page.ts";
import { reportPage } from "./page.ts";
import { summaryOf } from "./summary.ts";
import { csvOf } from "./table.ts";
import { handoffTable, missionTable, sampleTable } from "./write.ts";

const FIGURES = [
  "throughput",
  "queues",
  "stations",
  "cycle-time",
  "time-space",
  "vehicles",
  "handoffs",
  "heat",
];

let site: Site;
beforeAll(async () => {
  const read = await loadSite(siteDirectory("mini"));
  if (!read.ok) throw new Error("the mini site cannot be read");
  site = read.site;
});

const page = (...records: readonly [RunRecord, ...RunRecord[]]): string =>
  reportPage({ records, site, command: "npm run sim -- run made-up --set 'a=\"<b>\"'" });

/** The part of a page that shows one figure. */
function section(html: string, id: string): string {
  const from = html.indexOf(`<section id="${id}">`);
  expect(from).toBeGreaterThan(0);
  return html.slice(from, html.indexOf("</section>", from));
}

describe("a report's page", () => {
  it("needs nothing but itself: no script, no address of anything else", () => {
    const html = page(madeUpRun());
    expect(html).not.toMatch(/<script|<link|<img|@import|url\((?!#)/);
    expect(html.match(/(src|href)="(?!data:)[^"]*"/g)).toBeNull();
  });

  it("has each figure with a sentence that reads it, a picture and its numbers to keep", () => {
    const html = page(madeUpRun());
    for (const id of FIGURES) {
      const part = section(html, id);
      expect(part, id).toMatch(/<p class="reading">[^<]{20,}<\/p>/);
      expect(part, id).toContain("<svg");
      expect(part, id).toContain(`download="${id}.csv"`);
      expect(part, id).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("names what the axes show, with units", () => {
    const html = page(madeUpRun());
    expect(section(html, "throughput")).toContain("containers an hour");
    expect(section(html, "cycle-time")).toContain(">minutes from");
    expect(section(html, "time-space")).toContain("metres from the line");
    expect(section(html, "handoffs")).toContain(">seconds from ready");
    expect(section(html, "throughput")).toContain("time of day, Hanoi (UTC+7)");
  });

  it("gives the numbers of a plot back as they are", () => {
    const html = page(madeUpRun());
    const data = /download="handoffs\.csv" href="data:text\/csv;charset=utf-8;base64,([^"]+)"/.exec(
      html,
    )?.[1];
    const lines = Buffer.from(data ?? "", "base64")
      .toString("utf8")
      .trim()
      .split("\r\n");
    expect(lines[0]).toBe("direction,seconds");
    expect(lines).toHaveLength(1 + 2 * 36);
  });

  it("puts safety first, and says when a run has failed", () => {
    expect(page(madeUpRun())).toContain("<b>Safe.</b>");
    const unsafe = madeUpRun();
    unsafe.safety.overlaps.push({ atMs: unsafe.beginMs, first: "sim.vn-01", second: "sim.cn-02" });
    const html = page(unsafe);
    expect(html).toContain("1 safety findings: this run has failed.");
    expect(html.indexOf("sim.vn-01 and sim.cn-02 overlapped")).toBeLessThan(html.indexOf("<section"));
  });

  it("shows text as text, whatever is in it", () => {
    const html = page(madeUpRun());
    expect(html).toContain("A run that never was &lt;&amp;&gt;");
    expect(html).toContain("--set 'a=&quot;&lt;b&gt;&quot;'");
  });

  it("shows means with intervals for several seeds", () => {
    const html = page(madeUpRun({ seed: "1" }), madeUpRun({ seed: "2" }), madeUpRun({ seed: "3" }));
    expect(html).toContain("Mean of 3 seeds, 95 % interval");
    expect(html).toMatch(/Hand-off, 95 of 100 within<\/td><td class="n">[0-9.]+ ± [0-9.]+<\/td>/);
  });

  it("is made of a run in which nothing happened, too", () => {
    const nothing: RunRecord = {
      ...madeUpRun(),
      missions: [],
      handoffs: [],
      samples: [],
      traces: [],
      heat: [],
      alarms: [],
    };
    for (const id of FIGURES) expect(section(page(nothing), id), id).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("what else a run leaves behind", () => {
  it("is one object for machines", () => {
    const summary = summaryOf([madeUpRun({ seed: "1" }), madeUpRun({ seed: "2" })]);
    expect(summary).toMatchObject({ scenarioId: "made-up", seeds: ["1", "2"], safe: true });
    expect(summary.kpis["journey-export-p50"]).toMatchObject({ mean: 40, unit: "min" });
  });

  it("is tables with a row a mission, minute and hand-off, the seed in front", () => {
    const record = madeUpRun({ seed: "9" });
    for (const [table, rows] of [
      [missionTable([record]), record.missions.length],
      [sampleTable([record]), record.samples.length],
      [handoffTable([record]), record.handoffs.length],
    ] as const) {
      expect(table.rows).toHaveLength(rows);
      for (const row of table.rows) {
        expect(row[0]).toBe("9");
        expect(row).toHaveLength(table.columns.length);
      }
    }
  });

  it("writes fields with commas and quotes so that they can be read again", () => {
    expect(csvOf({ columns: ["a", "b"], rows: [['say "x", y', undefined]] })).toBe(
      'a,b\r\n"say ""x"", y",\r\n',
    );
  });

  it("is a page that sets two sets of runs against each other", () => {
    const [before, after] = [40, 50].map((journeyMin) =>
      ["1", "2", "3"].map((seed) => madeUpRun({ seed, journeyMin })),
    );
    if (before === undefined || after === undefined) throw new Error("there are two");
    const html = comparePage(
      { name: "before", records: before },
      { name: "after", records: after },
      compareRuns(before, after),
    );
    expect(html).toContain("+10.0 ± 0.0");
    expect(html).toContain(">worse<");
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});
