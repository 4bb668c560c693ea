import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
import { type Hand, keyboardOn, mouseOn } from "./hand.ts";

let demo: DemoUnderTest;
let browser: Browser;
beforeAll(async () => {
  demo = await demoUnderTest({ speed: 2, twinFolder: await buildTwin() });
  browser = await openBrowser();
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await demo.end();
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${demo.httpUrl.vn}/?lang=en&token=${demo.identities.vn.tokens.operator}`);
  await until(
    () => page.evaluate<boolean>("window.__batonTwin?.ready === true"),
    "the twin does not get ready",
  );
  return page;
}

describe.each([
  ["keyboard", keyboardOn, "smoke at the rear axle"],
  ["mouse", mouseOn, "a flat tyre at the front axle"],
] as const)("an operator at the control room, with the %s alone", (handName, handOn, trouble) => {
  let page: Page;
  let hand: Hand;
  let task = 0;
  beforeAll(async () => {
    page = await openPage();
    hand = handOn(page);
  }, START_TIMEOUT_MS);
  afterAll(() => page.close());
  // For people to look at; drawn in software on a busy machine it may not come, which says nothing of the product.
  afterEach(
    () =>
      page
        .screenshot({ path: `artifacts/task-${++task}-${handName}.png`, timeout: 30_000 })
        .then(() => undefined, console.warn),
    START_TIMEOUT_MS,
  );

  const button = (name: string | RegExp): Locator => page.getByRole("button", { name }).first();
  const vehicleOf = (side: string): Locator =>
    page.getByRole("row").filter({ hasText: side }).getByRole("button").first();
  const selected = (name: string): Locator => page.getByRole("heading", { name: `Vehicle ${name}` });
  /** An act with its reason, from its button to its confirmation. */
  const act = async (at: Locator, name: string, reason: string): Promise<void> => {
    await hand.press(at.getByRole("button", { name, exact: true }).first());
    await hand.write(page.getByRole("textbox", { name: "Reason" }), reason);
    await hand.confirm(page.getByRole("button", { name: `${name}: confirm` }));
  };
  const done = (name: string): Promise<void> =>
    page
      .locator(".act", { has: page.getByRole("button", { name, exact: true }) })
      .locator('.act-answer[data-kind="done"]')
      .first()
      .waitFor();
  const timeout = TEST_TIMEOUT_MS;
  let vehicle = "";

  test("finds a vehicle in a list and brings it into view", { timeout }, async () => {
    await hand.openList("Fleet");
    vehicle = ((await vehicleOf("Viet Nam").textContent()) ?? "").trim();
    await hand.press(vehicleOf("Viet Nam"));
    await selected(vehicle).waitFor();
  });

  test("says that it has failed and why, and is brought back to it from the alarm", { timeout }, async () => {
    await act(page.locator(".room-side"), "Mark as failed", trouble);
    await page.locator('.alarm:not([data-state="returned"])', { hasText: "Vehicle failed" }).waitFor();
    await hand.letGo();
    await selected(vehicle).waitFor({ state: "detached" });
    await hand.toAlarm();
    await selected(vehicle).waitFor();
  });

  test("reads what an alarm leads to and what to do, and acknowledges it by name", { timeout }, async () => {
    const alarm = page.locator('.alarm:not([data-state="returned"])', { hasText: "Vehicle failed" });
    await hand.press(alarm.getByRole("button", { name: "Vehicle failed" }));
    await alarm.getByText("Send the tow.").waitFor();
    await hand.press(alarm.getByRole("button", { name: "Acknowledge" }));
    await alarm.getByText(/acknowledged · vn-operator/).waitFor();
  });

  test("puts the vehicle back to work, and the alarm is over", { timeout }, async () => {
    await act(page.locator(".room-side"), "Back to work", "the tow was here");
    await until(
      async () =>
        (await page.locator('.alarm:not([data-state="returned"])', { hasText: "Vehicle failed" }).count()) ===
        0,
      "the alarm stands",
    );
    expect(await demo.alarms("vn")).toContainEqual(
      expect.objectContaining({
        code: "vehicle.failed",
        acknowledged: expect.objectContaining({ by: "vn-operator" }),
      }),
    );
  });

  test("asks a vehicle to stop, and lifts that", { timeout }, async () => {
    await act(page.locator(".room-side"), "Stop request", "somebody is on the road");
    await done("Stop request");
    await act(page.locator(".room-side"), "Lift stop request", "the road is free");
    await done("Lift stop request");
  });

  test("sees what is not for this account, and who may", { timeout }, async () => {
    await hand.openList("Fleet");
    await hand.press(vehicleOf("China"));
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    await until(
      async () => (await stop.getAttribute("title")) === "Only China may do this.",
      "who may is not said",
    );
    expect(await stop.getAttribute("aria-disabled")).toBe("true");
  });

  test("closes a lane, with the reason for all to read, and opens it again", { timeout }, async () => {
    await hand.openList("Ground");
    const lane = page.getByRole("row", { name: /^Export lane 1/ });
    await act(lane, "Close", `oil on the road (${handName})`);
    await lane.getByText("closed", { exact: true }).waitFor();
    const closure = page.getByRole("row").filter({ hasText: `oil on the road (${handName})` });
    await act(closure, "Open", "cleaned and looked at");
    await closure.waitFor({ state: "detached" });
    await lane.getByText("open", { exact: true }).waitFor();
  });

  test("makes a mission urgent", { timeout }, async () => {
    await hand.openList("Missions");
    const ofSide = page.locator('tr[data-status="running"]').filter({ hasText: "Viet Nam" });
    await hand.press(ofSide.locator("button[aria-expanded]").first());
    await act(page.locator(".mission-detail"), "Make urgent", "fruit, and the day is hot");
    await done("Make urgent");
  });

  test("finds in the audit log what was done, and that nothing of it was changed", { timeout }, async () => {
    await hand.openList("Audit");
    await hand.write(page.getByLabel("Anywhere in an entry"), trouble);
    await hand.confirm(button("Search"));
    await page.getByRole("cell", { name: "vehicle:fail" }).waitFor();
    await hand.press(button("Prove that nothing was changed"));
    await page.getByText(/The chain of \d+ entries holds\./).waitFor();
  });

  test("looks at what was a while ago, cannot act there, and is live again", { timeout }, async () => {
    await hand.openList("Lanes");
    await hand.lookBack();
    await page.getByText("REPLAY", { exact: true }).first().waitFor();
    await button("Pause").waitFor();
    await page.getByRole("slider", { name: "Moment" }).focus();
    await page.keyboard.press("End");
    await page.locator(".schematic-vehicle").first().waitFor();
    await hand.press(page.locator(".schematic-vehicle").first());
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    expect(await stop.getAttribute("title")).toContain("another time");
    await hand.lookLive();
    await page.getByText("LIVE", { exact: true }).waitFor();
  });
});

describe("everything there is to read", () => {
  test.each(["Tiếng Việt", "中文", "English"])(
    "in %s, list by list, has no barrier that WCAG 2.2 names",
    { timeout: TEST_TIMEOUT_MS },
    async (language) => {
      const page = await openPage();
      try {
        await page.getByText(language, { exact: true }).first().click();
        const tabs = page.getByRole("tab");
        for (let i = 0; i < (await tabs.count()); i++) {
          await tabs.nth(i).click();
          // What does not depend on the language is read once.
          if (language !== "English" && i > 0) continue;
          const found = await barriersOn(page);
          expect(found, (await tabs.nth(i).textContent()) ?? "").toEqual([]);
        }
      } finally {
        await page.close();
      }
    },
  );
});
