import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../../scripts/browser.ts";
import { buildTwin } from "../../scripts/build-twin.ts";
import { barriersOn } from "./axe.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  PATIENCE_MS,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";

describe("an operator at the control room, with the keyboard alone", () => {
  let demo: DemoUnderTest;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    demo = await demoUnderTest({ speed: 2, twinFolder: await buildTwin() });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${demo.httpUrl.vn}/?lang=en&token=${demo.identities.vn.tokens.operator}`);
    await until(
      () => page.evaluate<boolean>("window.__batonTwin?.ready === true"),
      "the twin does not get ready",
    );
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await demo.end();
  });

  /** For people to look at; drawn in software on a busy machine it may not come, which says nothing of the product. */
  const picture = (name: string) =>
    page.screenshot({ path: `artifacts/${name}.png`, timeout: 60_000 }).catch(console.warn);
  const press = async (name: string | RegExp): Promise<void> => {
    await page.getByRole("button", { name }).first().focus();
    await page.keyboard.press("Enter");
  };
  const tab = async (name: string): Promise<void> => {
    const tabs = page.getByRole("tablist");
    await tabs.getByRole("tab", { selected: true }).focus();
    for (let i = 0; i < 12; i++) {
      if ((await tabs.getByRole("tab", { selected: true }).textContent()) === name) return;
      await page.keyboard.press("ArrowRight");
    }
    throw new Error(`no list called ${name}`);
  };

  test("finds a vehicle in a list, says that it has failed and why, and is brought back to it by one key", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await tab("Fleet");
    await page.getByRole("row").filter({ hasText: "Viet Nam" }).getByRole("button").first().focus();
    const name = (await page.evaluate<string>("document.activeElement.textContent")).trim();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `Vehicle ${name}` }).waitFor();
    await press("Mark as failed");
    await page.keyboard.type("smoke at the rear axle");
    await page.keyboard.press("Enter");
    await page.locator(".alarm-title", { hasText: "Vehicle failed" }).waitFor();
    await page.locator(".scene").first().focus();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: `Vehicle ${name}` }).waitFor({ state: "detached" });
    await page.keyboard.press("a");
    await page.getByRole("heading", { name: `Vehicle ${name}` }).waitFor();
    await picture("alarm");
  });

  test("reads what an alarm leads to and what to do, acknowledges it by name, and puts the vehicle back to work", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await press("Vehicle failed");
    await page.getByText("Send the tow.").waitFor();
    await press("Acknowledge");
    await page.getByText(/acknowledged · vn-operator/).waitFor();
    await press("Back to work");
    await page.keyboard.type("the tow was here");
    await page.keyboard.press("Enter");
    await page.locator('.alarm[data-state="returned"]', { hasText: "Vehicle failed" }).waitFor();
    expect(await demo.alarms("vn")).toContainEqual(
      expect.objectContaining({
        code: "vehicle.failed",
        acknowledged: expect.objectContaining({ by: "vn-operator" }),
      }),
    );
  });

  test("sees what is not for this account, and who may", { timeout: TEST_TIMEOUT_MS }, async () => {
    const suppress = page.getByRole("button", { name: "Mark as failed" });
    await suppress.waitFor();
    await tab("Fleet");
    await page.getByRole("row").filter({ hasText: "China" }).getByRole("button").first().focus();
    await page.keyboard.press("Enter");
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    await until(
      async () => (await stop.getAttribute("title")) === "Only China may do this.",
      "who may is not said",
    );
    expect(await stop.getAttribute("aria-disabled")).toBe("true");
  });

  test("finds in the audit log what was done, and that nothing of it was changed", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await tab("Audit");
    await page.getByLabel("Anywhere in an entry").focus();
    await page.keyboard.type("rear axle");
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: "vehicle:fail" }).waitFor();
    await press("Prove that nothing was changed");
    await page.getByText(/The chain of \d+ entries holds\./).waitFor();
    await picture("audit");
  });

  test("looks at what was a while ago, cannot act there, and is live again by one key", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await tab("Lanes");
    await page.keyboard.press("r");
    await page.getByText("REPLAY", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    const slider = page.getByRole("slider", { name: "Moment" });
    await slider.focus();
    await page.keyboard.press("End");
    await page.locator(".schematic-vehicle").first().waitFor();
    await page.locator(".schematic-vehicle").first().focus();
    await page.keyboard.press("Enter");
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    expect(await stop.getAttribute("title")).toContain("another time");
    await picture("replay");
    await page.keyboard.press("l");
    await page.getByText("LIVE", { exact: true }).waitFor();
  });

  test.each([
    ["Tiếng Việt", "Đội xe"],
    ["中文", "车队"],
    ["English", "Fleet"],
  ])(
    "reads everything in %s, without a barrier that WCAG 2.2 names",
    { timeout: TEST_TIMEOUT_MS },
    async (language, fleet) => {
      await page.getByText(language, { exact: true }).first().click();
      await page.getByRole("tab", { name: fleet }).waitFor();
      expect(await barriersOn(page)).toEqual([]);
    },
  );
});
