import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
import { openTestBrowser, slowDisplay } from "./slow-display.ts";

let demo: DemoUnderTest;
let browser: Browser;
beforeAll(async () => {
  demo = await demoUnderTest({ speed: 2, twinFolder: await buildTwin() });
  browser = await openTestBrowser();
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await demo.end();
});

async function openPage(theme: "dark" | "light" = "dark"): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(PATIENCE_MS);
  await slowDisplay(page);
  await page.addInitScript(`localStorage.setItem("mantine-color-scheme-value", "${theme}")`);
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
  /** A vehicle of this side that does not pass to the other one while it is worked on: none that changes hands soon. */
  const vehicleThatStays = async (): Promise<string> => {
    const vehicleId = await until(async () => {
      const { handoffs } = await demo.borderline("vn");
      const soon = new Set(
        [...handoffs, ...(await demo.borderline("cn")).handoffs].map((each) => each.vehicleId),
      );
      return (await demo.vehicles("vn")).find(
        (each) => each.authority === "vn" && each.connection === "online" && !soon.has(each.vehicleId),
      )?.vehicleId;
    }, "every vehicle of this side is about to change hands");
    return vehicleId.slice(vehicleId.indexOf(".") + 1);
  };
  const inFleet = (name: string): Locator =>
    page.getByRole("row").getByRole("button", { name, exact: true }).first();
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
    vehicle = await vehicleThatStays();
    await hand.press(inFleet(vehicle));
    await selected(vehicle).waitFor();
  });

  test("says that it has failed and why, and is brought back to it from the alarm", { timeout }, async () => {
    await act(page.locator(".room-side"), "Mark as failed", trouble);
    await page.locator('.alarm:not([data-state="returned"])', { hasText: trouble }).waitFor();
    await hand.letGo();
    await selected(vehicle).waitFor({ state: "detached" });
    await hand.toAlarm();
    // Another one may be more urgent than ours by now: whichever it is, its vehicle is the one that is shown.
    const heading = page.getByRole("heading", { name: /^Vehicle / });
    const shown = (await heading.textContent())?.replace("Vehicle ", "");
    const standing = (await demo.alarms("vn")).filter(({ state }) => state !== "returned");
    expect(standing.map(({ vehicleId }) => vehicleId?.split(".").at(-1))).toContain(shown);
  });

  test("reads what an alarm leads to and what to do, and acknowledges it by name", { timeout }, async () => {
    const alarm = page.locator('.alarm:not([data-state="returned"])', { hasText: trouble });
    await hand.press(alarm.getByRole("button", { name: "Vehicle failed" }));
    await selected(vehicle).waitFor();
    await alarm.getByText("Send the tow.").waitFor();
    await hand.press(alarm.getByRole("button", { name: "Acknowledge" }));
    await alarm.getByText(/acknowledged · vn-operator/).waitFor();
  });

  test("puts the vehicle back to work, and the alarm is over", { timeout }, async () => {
    await act(page.locator(".room-side"), "Back to work", "the tow was here");
    await until(
      async () =>
        (await page.locator('.alarm:not([data-state="returned"])', { hasText: trouble }).count()) === 0,
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
    await hand.openList("Fleet");
    const stopped = await vehicleThatStays();
    await hand.press(inFleet(stopped));
    await selected(stopped).waitFor();
    await act(page.locator(".room-side"), "Stop request", "somebody is on the road");
    await done("Stop request");
    await act(page.locator(".room-side"), "Lift stop request", "the road is free");
    await done("Lift stop request");
  });

  test("sees what is not for this account, and who may", { timeout }, async () => {
    await hand.openList("Fleet");
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    await until(async () => {
      // Chosen again each time: a vehicle may pass to this side while it is looked at.
      await hand.press(vehicleOf("China"));
      const isSaid = (await stop.getAttribute("title")) === "Only China may do this.";
      return isSaid && (await stop.getAttribute("aria-disabled")) === "true";
    }, "who may is not said, or the others may");
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
    // The last to have begun: the first may be done before the reason is written.
    await hand.press(ofSide.last().locator("button[aria-expanded]"));
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
    // The last one drawn: no other lies over it.
    await hand.press(page.locator(".schematic-vehicle").last());
    const stop = page.getByRole("button", { name: "Stop request", exact: true });
    expect(await stop.getAttribute("title")).toContain("another time");
    await hand.lookLive();
    await page.getByText("LIVE", { exact: true }).waitFor();
  });
});

describe("everything there is to read has no barrier that WCAG 2.2 names", () => {
  const timeout = TEST_TIMEOUT_MS;

  // A theme changes colours and nothing else; each language is read in one of them.
  describe.each([
    ["dark", "Tiếng Việt", "all"],
    ["light", "中文", "colours"],
  ] as const)("%s", (theme, language, about) => {
    let page: Page;
    beforeAll(async () => {
      page = await openPage(theme);
    }, START_TIMEOUT_MS);
    afterAll(() => page.close());

    test("list by list and dialog by dialog", { timeout }, async () => {
      expect(await barriersOn(page, "body", about), "the room as it opens").toEqual([]);
      const tabs = page.getByRole("tab");
      for (let i = 0; i < (await tabs.count()); i++) {
        await tabs.nth(i).click();
        expect(await barriersOn(page, ".desk", about), (await tabs.nth(i).textContent()) ?? "").toEqual([]);
      }
      await page.getByRole("tab", { name: "Fleet" }).click();
      await page.locator(".desk tbody tr button").first().click();
      await page.getByRole("heading", { name: /^Vehicle / }).waitFor();
      await page.getByRole("button", { name: "Layers" }).click();
      for (const part of [".room-side", ".room-scene"])
        expect(await barriersOn(page, part, about), "a vehicle and the layers").toEqual([]);
      for (const [keys, dialog] of [
        ["Control+k", ".palette"],
        ["?", ".keys-dialog"],
      ] as const) {
        await page.locator(".scene").first().focus();
        await page.keyboard.press(keys);
        await page.locator(dialog).waitFor();
        expect(await barriersOn(page, dialog, about), dialog).toEqual([]);
        await page.keyboard.press("Escape");
        await page.locator(dialog).waitFor({ state: "detached" });
      }
    });

    test(`in ${language}`, { timeout }, async () => {
      await page.getByText(language, { exact: true }).first().click();
      expect(await barriersOn(page)).toEqual([]);
    });

    test("before anybody has signed in", { timeout }, async () => {
      const door = await browser.newPage({ colorScheme: theme });
      try {
        await door.addInitScript(`localStorage.setItem("mantine-color-scheme-value", "${theme}")`);
        await door.goto(`${demo.httpUrl.vn}/?lang=en`);
        await door.getByLabel("Password").first().waitFor();
        expect(await barriersOn(door)).toEqual([]);
      } finally {
        await door.close();
      }
    });
  });
});
