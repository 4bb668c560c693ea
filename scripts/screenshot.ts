/**
 * `npm run screenshot`: starts the demo in a folder of its own, waits for traffic at the line, and takes the pictures
 * of the README and of the operators' pages into `docs/pictures/`. By daylight, so that they are the same at any hour.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Page } from "playwright-core";
import type { VehicleView } from "../orchestrator/src/contract/index.ts";
import { openBrowser } from "./browser.ts";
import { buildTwin } from "./build-twin.ts";
import { startDemo } from "./demo/demo.ts";
import { ROOT } from "./run.ts";

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (values.help) {
  process.stdout.write(
    "npm run screenshot: starts the demo and takes the pictures of docs/pictures anew; takes some minutes\n",
  );
  process.exit(0);
}

const PICTURES = join(ROOT, "docs", "pictures");
const LANGUAGES = ["en", "vi", "zh"] as const;
/** Drawn in software, a picture takes its time. */
const PATIENCE_MS = 300_000;
/** A container's way from the gate to the line, and some. */
const TRAFFIC_MS = 600_000;
const SHORTLY_BEFORE_MS = 30_000;
/** Of the bar to a moment. */
const STEP_MS = 1_000;

const folder = await mkdtemp(join(tmpdir(), "baton-pictures-"));
const demo = await startDemo({
  scenario: "two-points",
  speed: 1,
  folder,
  fresh: false,
  verbose: false,
  broker: "embedded",
  ports: "free",
  twinFolder: await buildTwin(),
  say: (progress) => process.stderr.write(`${progress}\n`),
});
const browser = await openBrowser();
try {
  await mkdir(join(PICTURES, "operators"), { recursive: true });
  await picturesOfReadme();
  for (const language of LANGUAGES) await picturesOfOperators(language);
} finally {
  await browser.close();
  await demo.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

/** Asked from outside: the page's own security policy forbids evaluation inside. */
async function until(page: Page, condition: string): Promise<void> {
  const deadlineMs = Date.now() + TRAFFIC_MS;
  while (!(await page.evaluate<boolean>(condition))) {
    if (Date.now() > deadlineMs) throw new Error(`never came to be: ${condition}`);
    await page.waitForTimeout(250);
  }
}

/** Below 400 kB each, so that the pages open quickly everywhere. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({
    path: join(PICTURES, `${name}.jpg`),
    type: "jpeg",
    quality: 78,
    timeout: PATIENCE_MS,
  });
}

async function controlRoom(page: Page, language: (typeof LANGUAGES)[number]): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(
    `${demo.httpUrl.vn}/?hour=10&quality=full&lang=${language}&token=${demo.identities.vn.tokens.operator}`,
  );
  await until(page, "window.__batonTwin?.ready === true");
}

/** Looks at the line when a loaded vehicle is there: the picture is worth taking. */
async function atTheLine(page: Page): Promise<void> {
  await page.keyboard.press("2");
  await until(page, "!window.__batonTwin.isFlying");
  await until(page, "window.__batonTwin.vehicles().some((each) => each.loaded && Math.abs(each.xM) < 60)");
}

async function picturesOfReadme(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" });
  await controlRoom(page, "en");
  await atTheLine(page);
  await picture(page, "twin");
  await page.keyboard.press("1");
  await until(page, "!window.__batonTwin.isFlying");
  await picture(page, "overview");
  await page.close();
}

/** What the operators' page of one language shows, in the order of the page. */
async function picturesOfOperators(language: (typeof LANGUAGES)[number]): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, reducedMotion: "reduce" });
  const shown = (name: string): Promise<void> => picture(page, join("operators", `${name}.${language}`));
  await controlRoom(page, language);
  await atTheLine(page);
  await shown("room");

  const vehicleId = await failVehicle();
  await page.locator('.alarm:not([data-state="returned"]) .alarm-title').first().click();
  await until(page, "!window.__batonTwin.isFlying");
  await shown("alarm");
  await post(`/vehicles/${vehicleId}/recovered`, "the tow was here");

  await page.keyboard.press("Control+k");
  await page.locator(".palette").waitFor();
  await page.keyboard.type("vn");
  await shown("palette");
  await page.keyboard.press("Escape");

  await page.keyboard.press("r");
  await page.locator(".time-bar.is-replay").waitFor();
  // Five minutes ago there may have been nothing yet.
  const moment = page.locator(".time-bar input[type=range]");
  const [fromMs, toMs] = [Number(await moment.getAttribute("min")), Number(await moment.getAttribute("max"))];
  // The bar takes whole steps from its beginning on.
  await moment.fill(String(fromMs + Math.floor((toMs - SHORTLY_BEFORE_MS - fromMs) / STEP_MS) * STEP_MS));
  await until(page, "window.__batonTwin.vehicles().some((each) => each.loaded)");
  await shown("replay");
  await page.close();
}

/** Marks a vehicle of this side that is on a mission as failed; its id, ready for an address. */
async function failVehicle(): Promise<string> {
  const answer = await fetch(`${demo.httpUrl.vn}/api/v1/vehicles`, { headers: authorization() });
  const vehicles: readonly VehicleView[] = await answer.json();
  const found = vehicles.find(({ authority, missionId }) => authority === "vn" && missionId !== undefined);
  if (found === undefined) throw new Error("no vehicle of this side is on a mission");
  const vehicleId = encodeURIComponent(found.vehicleId);
  await post(`/vehicles/${vehicleId}/failed`, "smoke at the rear axle");
  return vehicleId;
}

async function post(path: string, reason: string): Promise<void> {
  const answer = await fetch(`${demo.httpUrl.vn}/api/v1${path}`, {
    method: "POST",
    headers: { ...authorization(), "content-type": "application/json" },
    body: JSON.stringify({ reason }),
  });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
}

function authorization(): Record<string, string> {
  return { authorization: `Bearer ${demo.identities.vn.tokens.engineer}` };
}
