import type { VehicleId } from "@baton/fleet-adapter";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BACK_BARS,
  type BackBar,
  type MissionActName,
  type MissionView,
} from "../../orchestrator/src/contract/index.ts";
import { buildTwin } from "../../scripts/build-twin.ts";
import { barriersOn } from "../e2e/axe.ts";
import { PATIENCE_MS, START_TIMEOUT_MS, TEST_TIMEOUT_MS, until } from "../e2e/demo-under-test.ts";
import { openTestBrowser, slowDisplay } from "../e2e/slow-display.ts";
import { type MadeUpSide, startMadeUpSide } from "./made-up-side.ts";

const BOX = "CSQU3054383";
const WHY = "as the desk was told";

describe("acts of the control room's page, by mouse and by keyboard", () => {
  let side: MadeUpSide;
  let browser: Browser;
  /** One at a time: to draw two scenes takes twice as long. */
  let page: Page;
  beforeAll(async () => {
    side = await startMadeUpSide({ siteId: "mini", vehicles: 7, twinFolder: await buildTwin() });
    browser = await openTestBrowser();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 }, reducedMotion: "reduce" });
    page.setDefaultTimeout(PATIENCE_MS);
    await slowDisplay(page);
    await signIn(side.page);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await side.stop();
  });
  const signIn = async (address: string): Promise<void> => {
    await page.goto(address);
    await page.getByRole("tab", { name: "Missions" }).click();
  };

  let missions = 0;
  const tell = (told: Partial<MissionView> & { readonly acts?: MissionActName[] }): MissionView => {
    const mission: MissionView = {
      missionId: `m-told-${++missions}`,
      orderId: `o-told-${missions}`,
      // Each of another owner, by whose code its row is found: the rest of the number is shown in groups.
      containerNo: `TO${String.fromCharCode(64 + missions)}U0000011`,
      side: "vn",
      direction: "export",
      bound: "outbound",
      step: "decision",
      stepSinceMs: side.nowMs() - 60_000,
      status: "held",
      held: { code: "device-silent", detail: "" },
      steps: ["load", "decision", "handoff"],
      timeline: [],
      ...told,
    };
    side.tellMission(mission);
    return mission;
  };
  /** Opens a mission's steps. */
  const opened = async (told: Parameters<typeof tell>[0]): Promise<MissionView> => {
    const mission = tell(told);
    const { containerNo = "" } = mission;
    const row = page.locator(".desk tbody tr", { hasText: containerNo.slice(0, 4) }).first();
    await row.locator("button[aria-expanded]").first().click();
    await page.locator(".mission-detail", { hasText: mission.missionId }).waitFor();
    return mission;
  };
  /** Opens an alarm, whichever others stand beside it; what it leads to and what to do. */
  const openedAlarm = async (title: string): Promise<Locator> => {
    const alarm = page.locator(".alarm", { has: page.locator(".alarm-title", { hasText: title }) });
    await alarm.locator(".alarm-title").click();
    const guide = alarm.locator(".alarm-guide");
    await guide.waitFor();
    return guide;
  };
  const over = (mission: MissionView): void => side.tellMission({ ...mission, status: "returned" });

  /** Opens an act by mouse or by keyboard, says what it asks for, and why. */
  const ask = async (
    name: string,
    by: "mouse" | "keyboard",
    fields: Readonly<Record<string, string>> = {},
    choices: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const act = page.getByRole("button", { name, exact: true }).first();
    if (by === "mouse") await act.click();
    else {
      await act.focus();
      await page.keyboard.press("Enter");
    }
    const form = page.locator("form.act-form");
    for (const [label, value] of Object.entries(fields))
      await form.getByLabel(label, { exact: true }).fill(value);
    for (const [label, value] of Object.entries(choices))
      await form.getByLabel(label, { exact: true }).selectOption(value);
    await form.getByLabel("Reason").fill(WHY);
    if (by === "mouse") await form.getByRole("button", { name: /: confirm$/ }).click();
    else await page.keyboard.press("Enter");
  };
  let seen = 0;
  const came = async (...expected: unknown[]): Promise<void> => {
    await until(async () => side.asked.length > seen, `${String(expected[0])} was not asked for`);
    expect(side.asked[seen]).toEqual(expected);
    seen += 1;
  };

  test("a held mission is tried again or given back by one; who may override is said to who may not", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const mission = await opened({});
    await ask("Retry the step", "keyboard");
    await came("retry", mission.missionId, "lan");
    await ask("Return the container", "mouse");
    await came("return", mission.missionId, "lan");
    const override = page.getByRole("button", { name: /^Go on regardless/ }).first();
    expect(await override.getAttribute("title")).toContain("supervisor");
    over(mission);
  });

  test("what no reader could read is typed; a container is refused with a code, or sent to be inspected", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const mission = await opened({
      step: "decision",
      acts: ["read-vehicle", "divert", "refuse", "paper-customs"],
    });
    const { missionId } = mission;
    await ask(
      "Read the container by hand",
      "keyboard",
      { "Container number": "csqu 305438 3", "Number on the vehicle": "vn-01" },
      { Seal: "intact" },
    );
    const read = { containerNo: BOX, vehicle: "vn-01", sealIntact: true };
    await came("read-vehicle", missionId, { type: "read", account: "lan", read });
    await page.getByRole("button", { name: "Refuse the container" }).click();
    expect(await barriersOn(page, ".mission-detail")).toEqual([]);
    await page.keyboard.press("Escape");
    await ask("Refuse the container", "mouse", {}, { "Because of": "seal" });
    await came("refuse", missionId, { type: "refuse", account: "lan", code: "seal" });
    await ask("Send to inspection", "keyboard");
    await came("divert", missionId, { type: "divert", account: "lan" });
    const paper = page.getByRole("button", { name: /^Release on paper/ }).first();
    expect(await paper.getAttribute("title")).toBe("For: customs officer");
    over(mission);
  });

  test("a container in its bay is weighed again by one; scanned again or sealed anew by whoever may", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const mission = await opened({ step: "verdict", acts: ["reweigh", "rescan", "reseal"] });
    await ask("Weigh again", "keyboard");
    const word = { type: "pass-again", account: "lan", what: "weigh" };
    await came("reweigh", mission.missionId, word);
    for (const [act, roles] of [
      ["Scan again", "supervisor"],
      [/^New seal/, "For: customs officer"],
    ] as const) {
      const button = page.getByRole("button", { name: act }).first();
      expect(await button.getAttribute("aria-disabled")).toBe("true");
      expect(await button.getAttribute("title")).toContain(roles);
    }
    expect(await barriersOn(page, ".mission-detail")).toEqual([]);
    over(mission);
  });

  test("a container gets a later slot; a place of the yard is closed and opened; an alarm is put aside", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const mission = await opened({ step: "admit-truck", slot: { fromMs: 1_000, toMs: 2_000 } });
    await ask("One slot later", "keyboard");
    await came("reslot", mission.missionId, 2_000);
    over(mission);

    await page.getByRole("tab", { name: "Yard" }).click();
    await ask("Close a place", "mouse", {}, { Place: "vn.crane-1" });
    await came("close-station", "vn.crane-1", "lan", WHY);
    side.setClosedStations([{ stationId: "vn.crane-1", reason: WHY, by: "lan", sinceMs: side.nowMs() }]);
    await ask("Open the place", "keyboard");
    await came("open-station", "vn.crane-1");

    side.alarms.raise({ alarmId: "a-1", code: "device.offline", detail: "x", priority: "low" });
    await openedAlarm("Device away");
    await ask("Put aside 30 min", "keyboard");
    await came("shelve", "a-1", "lan", 1_800_000, WHY);
    side.alarms.clear("a-1");
  });

  test("a container is called back at the exit gate; where it cannot be had back the act says why, and what to do", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await page.getByRole("tab", { name: "Missions" }).click();
    const vehicleId = "made-up.vn-0002";
    const mission = await opened({
      vehicleId,
      status: "running",
      step: "guard-exit",
      steps: ["guard-exit", "handoff"],
      acts: ["recall"],
    });
    await ask("Call back", "keyboard");
    await came("recall", mission.missionId, "lan");
    const said: Readonly<Record<BackBar, string>> = {
      "before-bay": "once it is in its bay",
      "asked-back": "wanted back already",
      "partner-may-have-it": "a supervisor or the border guard",
      "crane-has-it": "the partner sends it back",
      "over-the-line": "by a hand-off of their own",
      "no-way-back": "have it towed",
    };
    const act = page.getByRole("button", { name: "Call back", exact: true }).first();
    for (const why of BACK_BARS) {
      side.tellMission({ ...mission, acts: [], backBarred: why });
      await until(async () => (await act.getAttribute("title"))?.includes(said[why]) === true, why);
      expect(await act.getAttribute("aria-disabled")).toBe("true");
    }
    expect(await barriersOn(page, ".mission-detail")).toEqual([]);
    over(mission);
  });

  test("a vehicle that failed on the partner's ground is said to be towed off it by two, with its name typed", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const mission = await opened({
      status: "running",
      step: "cross",
      vehicleId: "made-up.vn-0002",
      steps: ["handoff", "cross"],
      acts: ["towed"],
    });
    await page
      .getByRole("button", { name: /^It was towed off/ })
      .first()
      .click();
    const form = page.locator("form.act-form");
    await form.getByLabel("Reason").fill(WHY);
    const confirm = form.getByRole("button", { name: /: confirm$/ });
    expect(await confirm.isDisabled()).toBe(true);
    await form.getByLabel("Type vn-0002").fill("vn-0002");
    await confirm.click();
    await page.getByText("waits for a second account").waitFor();
    await signIn(side.supervisorsPage);
    await page
      .locator(".proposals", { hasText: mission.missionId })
      .getByRole("button", { name: /^Agree/ })
      .click();
    await came("towed", mission.missionId, { type: "towed", accounts: ["lan", "minh"] });
    over(mission);
    await signIn(side.page);
  });

  test("an idle vehicle is sent to a charger or to park, unless it has failed, and given to a container that waits for one", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    // Six of seven are on a mission.
    await page.getByRole("tab", { name: "Fleet" }).click();
    await page.getByRole("row").getByRole("button", { name: "vn-0007", exact: true }).first().click();
    await page.getByRole("heading", { name: "Vehicle vn-0007" }).waitFor();
    await ask("Send to a charger", "mouse");
    await came("park", "made-up.vn-0007", "charger");
    await ask("Send to park", "keyboard");
    await came("park", "made-up.vn-0007", "parking");
    expect(await barriersOn(page, ".vehicle")).toEqual([]);
    side.setFailed([{ vehicleId: "made-up.vn-0007" as VehicleId, reason: WHY }]);
    await page.getByRole("button", { name: "Back to work" }).waitFor();
    await page.getByRole("button", { name: "Send to park" }).waitFor({ state: "detached" });
    side.setFailed([]);
    await page.getByRole("button", { name: "Send to park" }).waitFor();

    await page.getByRole("tab", { name: "Missions" }).click();
    const mission = await opened({ step: "assign-vehicle", status: "running", steps: ["assign-vehicle"] });
    await ask("Give it the selected vehicle", "keyboard");
    await came("assign", mission.missionId, "made-up.vn-0007");
    over(mission);
  });

  test("the way that a vehicle itself tells is drawn while it is selected, and of no other", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const isShown = () => page.evaluate<boolean>("window.__batonTwin.layersShown.includes('plannedWay')");
    await until(isShown, "the way of vn-0007 is not drawn");
    await page.getByRole("tab", { name: "Fleet" }).click();
    await page.getByRole("row").getByRole("button", { name: "vn-0003", exact: true }).first().click();
    await until(async () => !(await isShown()), "vn-0003 has told no way");
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Missions" }).click();
  });

  test("where a vehicle is that nobody hears is vouched for by one; that it is gone, by two", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const vehicleId = "made-up.vn-0007";
    side.alarms.raise({ alarmId: "a-2", code: "vehicle.unheard", detail: "x", priority: "high", vehicleId });
    const guide = await openedAlarm("Vehicle not heard since the start");
    await ask("It is where it says", "mouse");
    await came("vouch", vehicleId, "where-it-says");
    await ask("It is stopped, and stands idle at a node", "keyboard");
    await came("vouch", vehicleId, "stands-idle");

    await guide.getByRole("button", { name: /^It is off the ground/ }).click();
    await page.getByLabel("Reason").fill(WHY);
    await page.keyboard.press("Enter");
    const proposal = page.locator(".proposals", { hasText: vehicleId });
    await proposal.waitFor();
    await proposal.getByRole("button", { name: /^Agree/ }).click();
    await proposal.getByText("Somebody else has to agree").waitFor();
    await signIn(side.supervisorsPage);
    await proposal.getByRole("button", { name: /^Agree/ }).click();
    await came("vouch", vehicleId, "removed");
    side.alarms.clear("a-2");
  });

  test("a supervisor wants a hand-off back by typing the vehicle's name, and overrides with a second account", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    await signIn(side.supervisorsPage);
    const mission = await opened({
      step: "handoff",
      handoffId: "h-9",
      vehicleId: "made-up.vn-0003",
      acts: ["withdraw"],
    });
    side.setHandoffs([
      {
        handoffId: "h-9",
        role: "giver",
        phase: "switching",
        vehicleId: "made-up.vn-0003",
        sinceMs: side.nowMs(),
      },
    ]);
    await ask("Withdraw from the line by force", "mouse", { "Type vn-0003": "vn-0003" });
    await came("withdraw", mission.missionId, { type: "withdraw", account: "minh", reason: WHY });
    await page
      .getByRole("button", { name: /^Go on regardless/ })
      .first()
      .click();
    await page.getByLabel("Reason").fill(WHY);
    await page.keyboard.press("Enter");
    await page.getByText("waits for a second account").waitFor();
    await signIn(side.customsPage);
    await page.getByRole("button", { name: /^Agree/ }).click();
    await came("override", mission.missionId, "minh");
  });
});
