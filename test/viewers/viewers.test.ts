import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildTwin } from "../../scripts/build-twin.ts";
import { barriersOn } from "../e2e/axe.ts";
import { START_TIMEOUT_MS, TEST_TIMEOUT_MS, until } from "../e2e/demo-under-test.ts";
import { openTestBrowser, slowDisplay } from "../e2e/slow-display.ts";
import { LAN, type MadeUpSide, startMadeUpSide } from "./made-up-side.ts";

const VEHICLES = 12;
/** Positions are drawn a tick and a half late; a busy machine adds to it. */
const NEAR_M = 15;

interface Drawn {
  readonly vehicleId: string;
  readonly xM: number;
  readonly yM: number;
  readonly ageMs: number;
}

/** What is heard, in the place of loudspeakers. */
const NOTE_TONES = `
  window.tonesHz = [];
  const Real = OscillatorNode;
  window.OscillatorNode = class extends Real {
    start(at) { window.tonesHz.push(this.frequency.value); super.start(at); }
  };
`;

describe("the control room's page, over the real feed of made-up traffic", () => {
  let tapeFolder: string;
  let side: MadeUpSide;
  let browser: Browser;
  /** One for all tests but those that begin elsewhere: to build the scene takes seconds. */
  let page: Page;
  beforeAll(async () => {
    tapeFolder = await mkdtemp(join(tmpdir(), "baton-viewers-"));
    side = await startMadeUpSide({
      siteId: "mini",
      vehicles: VEHICLES,
      twinFolder: await buildTwin(),
      tapeFolder,
    });
    browser = await openTestBrowser();
    page = await openPage(side.page);
    await until(async () => (await drawn()).length === VEHICLES, "the twin does not show its vehicles");
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await side.stop();
    await rm(tapeFolder, { recursive: true, force: true });
  });
  const openPage = async (address: string): Promise<Page> => {
    const opened = await browser.newPage({
      viewport: { width: 1366, height: 768 },
      reducedMotion: "reduce",
    });
    opened.setDefaultTimeout(TEST_TIMEOUT_MS);
    await slowDisplay(opened);
    await opened.addInitScript(NOTE_TONES);
    await opened.goto(address);
    return opened;
  };
  const drawn = async (on = page): Promise<readonly Drawn[]> =>
    on.evaluate<Drawn[]>("window.__batonTwin?.ready === true ? window.__batonTwin.vehicles() : []");
  const heading = (name: string) => page.getByRole("heading", { name });

  test("a feed that is cut for a minute leaves no vehicle that looks live, and is right again when it returns", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await until(async () => (await drawn()).every(({ ageMs }) => ageMs === 0), "nothing is live at first");
    const before = new Map((await drawn()).map((each) => [each.vehicleId, each]));
    await page.getByRole("tab", { name: "Fleet" }).click();
    await page.getByRole("row").getByRole("button", { name: "vn-0007", exact: true }).first().click();
    const selected = page.locator(".vehicle");
    await selected.waitFor();
    await side.cut(60_000);
    await until(async () => (await drawn()).every(({ ageMs }) => ageMs > 0), "a vehicle still looks live");
    await page.locator(".gap-notice").waitFor();
    await page.locator('.links li[data-state="live"]').waitFor({ state: "detached" });
    const unknown = page.locator(".alarms").getByText("This side is not heard");
    await unknown.waitFor();
    const isOld = selected.getByText("No live data: what stands here is");
    await isOld.waitFor();
    const stands = await drawn();
    expect((await drawn()).map(({ xM, yM }) => [xM, yM])).toEqual(stands.map(({ xM, yM }) => [xM, yM]));

    await side.mend();
    await until(async () => {
      const now = await drawn();
      const places = side.places();
      return now.every((each) => {
        const place = places.get(each.vehicleId);
        const isThere = place !== undefined && Math.hypot(each.xM - place.xM, each.yM - place.yM) < NEAR_M;
        return each.ageMs === 0 && isThere;
      });
    }, "what is shown is not where it is");
    await page.locator('.links li[data-state="live"]').waitFor();
    await unknown.waitFor({ state: "detached" });
    await isOld.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Missions" }).click();
    const moved = (await drawn()).filter(({ vehicleId, xM, yM }) => {
      const was = before.get(vehicleId);
      return was !== undefined && Math.hypot(xM - was.xM, yM - was.yM) > NEAR_M;
    });
    expect(moved.length).toBeGreaterThan(VEHICLES / 2);
  });

  test("a question mark shows every key, and Escape leads back to where one was", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await page.getByRole("tab", { selected: true }).focus();
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await dialog.getByText("The vehicle of the most urgent alarm").waitFor();
    expect(await barriersOn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate<string>("document.activeElement.getAttribute('role')")).toBe("tab");
  });

  test("the palette finds a vehicle, then what may be done about it, then a list, by a few letters each", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const palette = page.getByRole("combobox", { name: "Go to or do" });
    await page.keyboard.press("Control+k");
    await palette.waitFor();
    await page.keyboard.type("0007");
    expect(await barriersOn(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await heading("Vehicle vn-0007").waitFor();

    await page.keyboard.press("Control+k");
    await page.keyboard.type("stop vn-0007");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Reason" }).waitFor();
    expect(await page.evaluate<string>("document.activeElement.tagName")).toBe("INPUT");
    // From within a field, too.
    await page.keyboard.press("Control+k");
    await page.keyboard.type("audit");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Audit", selected: true }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
  });

  test("alarms are heard until acknowledged or muted; a mute says how long, and a new critical alarm ends it", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const tones = () => page.evaluate<number[]>("window.tonesHz");
    const raise = (alarmId: string, priority: "critical" | "high") =>
      side.alarms.raise({ alarmId, code: "vehicle.failed", detail: "smoke", priority });
    await page.locator(".scene").first().focus();
    await page.keyboard.press("1");
    await page.getByRole("button", { name: "Sound on" }).waitFor();
    raise("one", "high");
    await until(async () => (await tones()).includes(660), "a high alarm is not heard");
    await page.keyboard.press("m");
    await page.getByRole("button", { name: /Muted for \d+ (min|s)/ }).waitFor();
    raise("two", "critical");
    await until(async () => (await tones()).includes(880), "a critical alarm is not heard");
    await page.getByRole("button", { name: "Sound on" }).waitFor();
    for (const alarmId of ["one", "two"]) {
      side.alarms.acknowledge(alarmId, "lan");
      side.alarms.clear(alarmId);
    }
  });

  test("any moment of the last hour is shown as it was", { timeout: TEST_TIMEOUT_MS }, async () => {
    await page.locator(".scene").first().focus();
    await page.keyboard.press("r");
    const slider = page.getByRole("slider", { name: "Moment" });
    await slider.waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    const [fromMs, toMs] = [
      Number(await slider.getAttribute("min")),
      Number(await slider.getAttribute("max")),
    ];
    expect(toMs - fromMs).toBeGreaterThanOrEqual(3_600_000);
    for (const part of [0.1, 0.9, 0.5]) {
      const shownMs = fromMs + Math.round((part * (toMs - fromMs)) / 1_000) * 1_000;
      await slider.fill(String(shownMs));
      const places = side.places(shownMs);
      await until(
        async () =>
          (await drawn()).every(({ vehicleId, xM, yM }) => {
            const place = places.get(vehicleId);
            return place !== undefined && Math.hypot(xM - place.xM, yM - place.yM) < NEAR_M;
          }),
        async () => `at ${part} of the hour: ${JSON.stringify([await drawn(), [...places]])}`,
      );
    }
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Back to live" }).click();
    await page.getByText("LIVE", { exact: true }).waitFor();
  });

  test("what is shown says whether it is live; of another time nothing is done until it is live again", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const badge = page.locator(".time-bar .badge");
    const liveLinks = page.locator('.links li[data-state="live"]');
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    const form = page.locator("form.act-form");
    await page.getByRole("tab", { name: "Fleet" }).click();
    await page.getByRole("row").getByRole("button", { name: "vn-0007", exact: true }).first().click();
    await heading("Vehicle vn-0007").waitFor();
    expect(await badge.textContent()).toBe("LIVE");
    await until(async () => (await liveLinks.count()) === 1, "there is not one link that is live");
    await stop.click();
    await form.waitFor();
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Five minutes ago" }).click();
    await page.locator(".time-bar.is-replay").waitFor();
    expect(await badge.textContent()).toBe("REPLAY");
    await liveLinks.waitFor({ state: "detached" });
    await heading("Vehicle vn-0007").waitFor();
    await until(async () => (await stop.getAttribute("aria-disabled")) === "true", "it may be stopped");
    expect(await stop.getAttribute("title")).toContain("go back to live first");
    // What is not for now is not disabled for those who read it aloud: it can be pressed, and does nothing.
    await stop.click({ force: true });
    expect(await form.count()).toBe(0);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("stop vn-0007");
    await page.getByText("Nothing fits").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Back to live" }).click();
    await page.locator(".badge.is-live").waitFor();
    await liveLinks.waitFor();
    await until(async () => (await stop.getAttribute("aria-disabled")) === "false", "acts stay disabled");
    await page.keyboard.press("Escape");
  });

  test("a name and a password open the control room; signing out closes it", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const door = await openPage(side.page.replace(/&token=.*/, ""));
    const password = door.getByRole("textbox", { name: "Password" });
    await password.waitFor();
    expect(await barriersOn(door)).toEqual([]);
    await door.getByLabel("Name").fill(LAN.name);
    await password.fill("not it");
    await door.keyboard.press("Enter");
    await door.getByText("Name or password is wrong.").waitFor();
    await password.fill(LAN.password);
    await door.keyboard.press("Enter");
    await until(async () => (await drawn(door)).length === VEHICLES, "the control room does not open");
    await door.getByRole("button", { name: "Sign out" }).click();
    await password.waitFor();
    await door.close();
  });

  test("a wall display needs nobody: large letters, what needs somebody, and the feed comes back by itself", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const wall = await openPage(`${side.page}&wall`);
    await until(async () => (await drawn(wall)).length === VEHICLES, "the wall does not show its vehicles");
    expect(await wall.getByRole("button").count()).toBe(0);
    side.alarms.raise({ alarmId: "wall", code: "vehicle.failed", detail: "smoke", priority: "critical" });
    const alarm = wall.locator(".wall-alarms li").first();
    await alarm.waitFor();
    const sizePx = await wall.evaluate<number>(
      "Number.parseFloat(getComputedStyle(document.querySelector('.wall-alarms li')).fontSize)",
    );
    // Twenty minutes of arc at five metres are 29 mm, off a screen that is 685 mm high.
    expect((sizePx / (await wall.evaluate<number>("innerHeight"))) * 685).toBeGreaterThan(29);
    expect(await barriersOn(wall)).toEqual([]);
    await side.cut(10_000);
    await wall.locator('.wall-side[data-state="lost"]').waitFor();
    await side.mend();
    await wall.locator('.wall-side[data-state="live"]').waitFor();
    side.alarms.acknowledge("wall", "lan");
    side.alarms.clear("wall");
    await wall.close();
  });

  test("who holds a lost vehicle is said by a supervisor, who types its name; others see who may", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const theirs = { holder: "taker", account: "wei", reason: "it burnt out" } as const;
    side.setHandoffs([
      {
        handoffId: "h-1",
        role: "giver",
        phase: "switching",
        vehicleId: "made-up.vn-0003",
        sinceMs: side.nowMs() - 60_000,
        resolution: { maySay: ["giver", "taker"], theirs },
      },
    ]);
    const act = "Lost: China holds it";
    const ofOperator = page.getByRole("button", { name: act, exact: true });
    await ofOperator.waitFor();
    expect(await ofOperator.getAttribute("title")).toBe("For: supervisor");

    const desk = await openPage(side.supervisorsPage);
    await desk.getByText("China (wei): China holds it.").waitFor();
    await desk.getByRole("button", { name: act, exact: true }).click();
    await desk.getByRole("textbox", { name: "Reason" }).fill("nothing left to read");
    const confirm = desk.getByRole("button", { name: `${act}: confirm` });
    const typed = desk.getByRole("textbox", { name: "Type vn-0003" });
    await typed.fill("vn-0004");
    expect(await confirm.isDisabled()).toBe(true);
    expect(await barriersOn(desk, ".borderline")).toEqual([]);
    await typed.fill("vn-0003");
    await confirm.click();
    await until(async () => side.asked.length > 0, "nothing was said");
    expect(side.asked).toEqual([
      ["resolve", "h-1", { holder: "taker", account: "minh", reason: "nothing left to read" }],
    ]);
    side.setHandoffs([]);
    await desk.close();
  });

  test("a link brings back the view and the vehicle, and carries no token", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("0007");
    await page.keyboard.press("Enter");
    await heading("Vehicle vn-0007").waitFor();
    await page.getByRole("button", { name: "Link" }).click();
    await page.getByRole("button", { name: "Link copied" }).waitFor();
    const link = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(link).not.toContain("token");
    await page.reload();
    await heading("Vehicle vn-0007").waitFor();
    expect(new URL(page.url()).searchParams.get("view")).toBe(new URL(link).searchParams.get("view"));
  });

  test("the theme of most contrast is kept, and has no barriers", { timeout: TEST_TIMEOUT_MS }, async () => {
    await page.getByRole("combobox", { name: "Theme" }).selectOption("contrast");
    expect(await barriersOn(page)).toEqual([]);
    await page.reload();
    await until(async () => (await drawn()).length === VEHICLES, "the twin does not come back");
    expect(await page.evaluate<string>("document.documentElement.dataset.theme")).toBe("contrast");
  });

  test("for people who want no motion nothing flies and nothing fades", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await page.locator(".scene").first().focus();
    await page.keyboard.press("3");
    await page.getByRole("tab", { name: "Fleet" }).click();
    await page.keyboard.press("?");
    expect(
      await page.evaluate<string[]>(
        "document.getAnimations().map((each) => each.effect?.target?.className ?? 'unknown')",
      ),
    ).toEqual([]);
    expect(await page.evaluate<boolean>("window.__batonTwin.isFlying")).toBe(false);
  });
});
