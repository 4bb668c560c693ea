import type { DeviceId } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { expect, test } from "vitest";
import type { DevicePosition, DeviceView } from "../contract/index.ts";
import type { DeviceReport } from "../gate/port.ts";
import { DeviceWatch } from "./device-watch.ts";

async function watch() {
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("mini is not a site");
  const [station] = loaded.site.file.sides.vn.stations.filter(({ deviceIds }) => deviceIds.length > 0);
  const [deviceId] = station?.deviceIds ?? [];
  if (station === undefined || deviceId === undefined) throw new Error("mini has no device");
  const raised = new Set<string>();
  const changes: DeviceView[] = [];
  let nowMs = 1_000;
  const devices = new DeviceWatch({
    side: "vn",
    site: loaded.site,
    alarms: {
      raise: ({ alarmId }) => void raised.add(alarmId),
      clear: (alarmId) => void raised.delete(alarmId),
    },
    nowMs: () => nowMs++,
    onChange: (view) => void changes.push(view),
  });
  return {
    devices,
    changes,
    raised,
    stationId: station.stationId,
    deviceId,
    online: (online: boolean) =>
      devices.hear({ kind: "availability", deviceId: deviceId as DeviceId, online, atMs: 0 }),
    says: (jobId: string, outcome: DeviceReport["outcome"]) =>
      devices.hear({ kind: "reported", report: { jobId, deviceId, atMs: 0, outcome } }),
    moves: (position: DevicePosition, atMs: number, who = deviceId) =>
      devices.hear({ kind: "moved", deviceId: who as DeviceId, position, atMs }),
    state: () => devices.views().find((view) => view.deviceId === deviceId)?.state,
  };
}

const accepted = { status: "accepted" } as const;
const failed = { status: "failed", code: "jam", detail: "" } as const;

test("a device of the site is shown at its station before it has been heard", async () => {
  const { devices, deviceId, stationId } = await watch();
  expect(devices.views()).toContainEqual({ deviceId, side: "vn", stationId, state: "unheard" });
});

test("a device is busy as long as one job that it took on is neither done, nor failed, nor given up", async () => {
  const { devices, online, says, state, changes } = await watch();
  online(true);
  expect(state()).toBe("ready");
  says("a", accepted);
  says("b", accepted);
  says("a", failed);
  expect(state()).toBe("busy");
  devices.forget("b");
  expect(state()).toBe("ready");
  says("b", failed);
  expect(changes.map((view) => view.state)).toEqual(["ready", "busy", "ready"]);
});

test("a device that is away is an alarm, whatever it works on, until it is back", async () => {
  const { devices, online, says, state, raised, deviceId } = await watch();
  online(true);
  says("a", accepted);
  online(false);
  expect([state(), devices.away(), [...raised]]).toEqual([
    "away",
    [deviceId],
    [`device.offline:${deviceId}`],
  ]);
  online(true);
  expect([state(), devices.away(), [...raised]]).toEqual(["busy", [], []]);
});

test("hearing the same again is no change", async () => {
  const { online, says, changes } = await watch();
  online(true);
  online(true);
  says("a", accepted);
  says("a", accepted);
  expect(changes).toHaveLength(2);
});

test("where its arm is goes with what it is, whatever else becomes of it, and is never of an instant to come", async () => {
  const { online, moves, says, changes } = await watch();
  const at = { kind: "barrier", openShare: 0, course: { openShare: 1, inMs: 1_600 } } as const;
  moves(at, 500);
  online(true);
  says("a", accepted);
  expect(changes.map(({ state, position }) => ({ state, position }))).toEqual([
    { state: "unheard", position: { atMs: 500, at } },
    { state: "ready", position: { atMs: 500, at } },
    { state: "busy", position: { atMs: 500, at } },
  ]);
  moves(at, 9_000_000);
  expect(changes.at(-1)?.position?.atMs).toBeLessThan(9_000_000);
});

test("what moves but is not of this site is nobody's", async () => {
  const { moves, changes, devices } = await watch();
  const known = devices.views().length;
  moves({ kind: "barrier", openShare: 1 }, 0, "vn.of-another-site");
  expect(changes).toEqual([]);
  expect(devices.views()).toHaveLength(known);
});
