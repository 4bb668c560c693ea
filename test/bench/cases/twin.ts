import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { CDPSession, Page } from "playwright-core";
import Type from "typebox";
import { Value } from "typebox/value";
import { openBrowser } from "../../../scripts/browser.ts";
import { buildTwin } from "../../../scripts/build-twin.ts";
import { atMost, type BenchCase, figure } from "../bench-case.ts";
import { quantileOf } from "../statistics.ts";
import { sideProcess, viewersProcess } from "../worlds/made-up-side.ts";

const SITE = "1119-1120";
const TICKS_PER_S = 5;
const MEASURED_MS = 30_000;
const SCREEN = { width: 1920, height: 1080 };
/**
 * Software puts even an empty picture of that size onto the page two to four times a second, which hardware does sixty times: how late a
 * picture is says something of the page only where that costs little.
 */
const SMALL_SCREEN = { width: 320, height: 180 };
/**
 * WebGL in software takes the very cores that the page's thread is measured on, so that here nothing is painted: three
 * and the page do all their work, and every draw call ends where the graphics hardware would begin.
 */
const PAINT_NOTHING = `
  for (const call of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"])
    WebGL2RenderingContext.prototype[call] = () => {};
`;
/** Of the page's thread; half of a tick at 300 vehicles, so that whoever clicks is answered at once. */
const MAIN_THREAD_MS = 100;
/** Two ticks: what the site has said is seen by then. */
const FEED_TO_DRAWN_MS = (2 * 1000) / TICKS_PER_S;
const HOUR_MS = 3_600_000;
/** How much faster than real time an hour of frames is shown. */
const HOUR_SPEED = 20;
/** An hour takes three minutes at that pace; a machine on which it takes so much longer says nothing of the page. */
const HOUR_LIMIT_MS = 8 * 60_000;
const FIRST_SIGHT_LIMIT_MS = 2 * 60_000;
/** Caches fill, code is compiled: what is grown by then is not counted. */
const SETTLED_MS = 300_000;

const Samples = Type.Object({
  frames: Type.Array(
    Type.Object({
      prepareMs: Type.Number(),
      renderMs: Type.Number(),
      updateMs: Type.Number(),
      drawCalls: Type.Integer(),
      shownAtMs: Type.Number(),
      drawnAtMs: Type.Number(),
      layersMs: Type.Record(Type.String(), Type.Number()),
    }),
  ),
});

interface TwinBars {
  readonly layersMs: number;
  readonly drawCalls: number;
}

/** The page in a browser, over the real feed of made-up traffic. */
function twinCase(vehicles: number, bars: TwinBars): BenchCase {
  const name = `twin-${vehicles}`;
  return {
    name,
    async run() {
      const side = sideProcess(SITE, vehicles, await buildTwin());
      const browser = await openBrowser();
      try {
        const { page: address, feed } = await side.ask();
        const seen = await browser.newPage({ viewport: SCREEN });
        await seen.goto(address);
        const firstSightMs = await firstSight(seen, vehicles);
        await seen.close();
        const page = await browser.newPage({ viewport: SCREEN });
        await page.addInitScript(PAINT_NOTHING);
        await page.goto(address);
        await firstSight(page, vehicles);
        const cdp = await page.context().newCDPSession(page);
        await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
        const { bytesPerS, share } = await measured(page, cdp, feed);
        const { frames } = await samplesOf(page);
        const lateInSoftware = feedToDrawn((await side.ask()).fed, frames);
        await page.setViewportSize(SMALL_SCREEN);
        await measured(page, cdp, feed);
        const late = feedToDrawn((await side.ask()).fed, (await samplesOf(page)).frames);
        const of = (read: (frame: (typeof frames)[number]) => number) => frames.map(read);
        const layers = Object.keys(frames[0]?.layersMs ?? {});
        return [
          atMost(`${name}/drawCalls`, Math.max(...of((each) => each.drawCalls)), "calls", bars.drawCalls),
          atMost(
            `${name}/layersMedianMs`,
            quantileOf(
              of((each) => each.prepareMs),
              0.5,
            ),
            "ms",
            bars.layersMs,
          ),
          figure(
            `${name}/layersP95Ms`,
            quantileOf(
              of((each) => each.prepareMs),
              0.95,
            ),
            "ms",
          ),
          ...layers.map((layer) =>
            figure(
              `${name}/layer.${layer}MedianMs`,
              quantileOf(
                of((each) => each.layersMs[layer] ?? 0),
                0.5,
              ),
              "ms",
            ),
          ),
          figure(
            `${name}/updateMedianMs`,
            quantileOf(
              of((each) => each.updateMs),
              0.5,
            ),
            "ms",
          ),
          atMost(
            `${name}/renderMedianMs`,
            quantileOf(
              of((each) => each.renderMs),
              0.5,
            ),
            "ms",
            2,
          ),
          atMost(
            `${name}/frameP95Ms`,
            quantileOf(
              of((each) => each.prepareMs + each.renderMs),
              0.95,
            ),
            "ms",
            1000 / 60,
          ),
          atMost(`${name}/feedToDrawnMedianMs`, quantileOf(late, 0.5), "ms", FEED_TO_DRAWN_MS),
          figure(`${name}/feedToDrawnP95Ms`, quantileOf(late, 0.95), "ms"),
          figure(`${name}/feedToDrawnInSoftwareMedianMs`, quantileOf(lateInSoftware, 0.5), "ms"),
          atMost(`${name}/mainThreadPerFeedFrameMs`, (share * 1000) / TICKS_PER_S, "ms", MAIN_THREAD_MS),
          figure(`${name}/framesPerS`, (frames.length * 1000) / MEASURED_MS, "1/s"),
          figure(`${name}/bytesPerS`, bytesPerS, "B/s"),
          figure(`${name}/firstSightMs`, firstSightMs, "ms"),
        ];
      } finally {
        await browser.close();
        side.end();
      }
    },
  };
}

export const TWIN_CASES: readonly BenchCase[] = [
  twinCase(300, { layersMs: 1, drawCalls: 40 }),
  twinCase(2000, { layersMs: 4, drawCalls: 40 }),
];

/** An hour of frames at 300 vehicles, shown fast: nothing may pile up in the page. */
export const TWIN_HOUR_CASE: BenchCase = {
  name: "twin-hour",
  async run() {
    const side = sideProcess(SITE, 300, await buildTwin());
    const browser = await openBrowser();
    try {
      const { page: address } = await side.ask(HOUR_SPEED);
      const page = await browser.newPage({ viewport: SCREEN });
      await page.addInitScript(PAINT_NOTHING);
      await page.goto(address);
      await firstSight(page, 300);
      const cdp = await page.context().newCDPSession(page);
      const { siteMs: beganMs } = await side.ask();
      const deadlineMs = performance.now() + HOUR_LIMIT_MS;
      const until = async (siteMs: number): Promise<void> => {
        while ((await side.ask()).siteMs < siteMs) {
          if (performance.now() > deadlineMs) throw new Error("the hour is not over; is the machine busy?");
          await passed(500);
        }
      };
      await until(beganMs + SETTLED_MS);
      const before = await keptBy(page, cdp);
      await until(beganMs + HOUR_MS);
      const { siteMs } = await side.ask();
      const shownMs = await page.evaluate<number>("window.__batonTwin.siteNowMs");
      const after = await keptBy(page, cdp);
      return [
        atMost("twin-hour/heapGrowthMB", (after.heapBytes - before.heapBytes) / 1e6, "MB", 1),
        figure("twin-hour/heapMB", after.heapBytes / 1e6, "MB"),
        atMost("twin-hour/domNodesGrowth", after.nodes - before.nodes, "nodes", 0.1 * before.nodes),
        atMost("twin-hour/geometriesGrowth", after.geometries - before.geometries, "geometries", 0),
        atMost("twin-hour/texturesGrowth", after.textures - before.textures, "textures", 0),
        figure("twin-hour/framesDrawn", after.frames - before.frames, "frames"),
        // The clock that the page shows, in the viewer's time: were frames queueing, the hour would not be over.
        atMost("twin-hour/behindMs", (siteMs - shownMs) / HOUR_SPEED, "ms", 2000),
      ];
    } finally {
      await browser.close();
      side.end();
    }
  },
};

/** All scripts that the page loads before it shows anything, as they come over the wire. */
export const TWIN_SIZE_CASE: BenchCase = {
  name: "twin-size",
  async run() {
    const folder = join(await buildTwin(), "assets");
    const page = await readFile(join(folder, "..", "index.html"), "utf8");
    let bytes = 0;
    for (const file of await readdir(folder))
      if (file.endsWith(".js") && page.includes(file))
        bytes += gzipSync(await readFile(join(folder, file))).length;
    return [atMost("twin-size/initialScriptsKB", bytes / 1000, "kB gzip", 450)];
  },
};

/**
 * From the page's navigation to a picture with every vehicle in it.
 * @throws {Error} when there is none within two minutes.
 */
async function firstSight(page: Page, vehicles: number): Promise<number> {
  const deadlineMs = performance.now() + FIRST_SIGHT_LIMIT_MS;
  for (;;) {
    const atMs = await page.evaluate<number>(
      `window.__batonTwin?.ready === true && window.__batonTwin.vehicles().length >= ${vehicles} ? performance.now() : 0`,
    );
    if (atMs > 0) return atMs;
    if (performance.now() > deadlineMs)
      throw new Error(`${vehicles} vehicles are not seen; is the machine busy?`);
    await passed(50);
  }
}

/** While the page notes every frame that it draws: its thread's share of a core, and what its feed brings. */
async function measured(
  page: Page,
  cdp: CDPSession,
  feed: string,
): Promise<{ readonly share: number; readonly bytesPerS: number }> {
  const viewer = viewersProcess(feed, 1);
  try {
    await viewer.ask();
    await passed(3_000);
    await page.evaluate(`(() => {
      const noted = [];
      let last = window.__batonTwin.frames;
      const note = () => {
        const twin = window.__batonTwin;
        if (twin.frames !== last) {
          last = twin.frames;
          const { prepareMs, renderMs, updateMs, drawCalls, shownAtMs, drawnAtMs, layersMs } = twin;
          noted.push({ prepareMs, renderMs, updateMs, drawCalls, shownAtMs, drawnAtMs, layersMs });
        }
        requestAnimationFrame(note);
      };
      note();
      window.notedFrames = noted;
    })()`);
    const before = { viewer: await viewer.ask(), page: await threadOf(cdp) };
    await passed(MEASURED_MS);
    const after = { viewer: await viewer.ask(), page: await threadOf(cdp) };
    return {
      share: (after.page - before.page) / ((after.viewer.atMs - before.viewer.atMs) / 1000),
      bytesPerS:
        (after.viewer.bytes - before.viewer.bytes) / ((after.viewer.atMs - before.viewer.atMs) / 1000),
    };
  } finally {
    viewer.end();
  }
}

/** From the sending of each tick's frame to the first picture of that moment or a later one. */
function feedToDrawn(
  fed: readonly { readonly siteMs: number; readonly sentAtMs: number }[],
  frames: readonly { readonly shownAtMs: number; readonly drawnAtMs: number }[],
): number[] {
  const first = frames[0]?.shownAtMs ?? Number.POSITIVE_INFINITY;
  return fed.flatMap(({ siteMs, sentAtMs }) => {
    const drawn = siteMs > first ? frames.find(({ shownAtMs }) => shownAtMs >= siteMs) : undefined;
    return drawn === undefined ? [] : [drawn.drawnAtMs - sentAtMs];
  });
}

async function samplesOf(page: Page) {
  return Value.Parse(Samples, { frames: await page.evaluate<unknown>("window.notedFrames") });
}

/** Seconds of CPU that the page's own thread has used. */
async function threadOf(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

async function keptBy(page: Page, cdp: CDPSession) {
  const { frames, geometries, textures } = await page.evaluate<{
    frames: number;
    geometries: number;
    textures: number;
  }>("(({ frames, geometries, textures }) => ({ frames, geometries, textures }))(window.__batonTwin)");
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize: heapBytes } = await cdp.send("Runtime.getHeapUsage");
  const { nodes } = await cdp.send("Memory.getDOMCounters");
  return { heapBytes, nodes, frames, geometries, textures };
}
