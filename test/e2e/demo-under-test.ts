import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  AlarmView,
  BorderlineView,
  CustodyRecordView,
  MissionView,
  VehicleView,
} from "@baton/orchestrator/contract";
import { type Demo, type Side, startDemo } from "../../scripts/demo/demo.ts";

/** For one wait: far beyond what the slowest machine needs. */
export const PATIENCE_MS = 6 * 60_000;

/** For what is late to be made up for. */
const LATE_MS = 60_000;

/** For a test that waits a few times, and for bringing a demo up. */
export const TEST_TIMEOUT_MS = 15 * 60_000;
export const START_TIMEOUT_MS = 5 * 60_000;

export interface DemoUnderTest extends Demo {
  missions(side: Side): Promise<readonly MissionView[]>;
  alarms(side: Side): Promise<readonly AlarmView[]>;
  vehicles(side: Side): Promise<readonly VehicleView[]>;
  borderline(side: Side): Promise<BorderlineView>;
  custody(side: Side): Promise<readonly CustodyRecordView[]>;
  post(side: Side, path: string, body: unknown): Promise<Response>;
  /** SIGKILL to one part; the supervisor starts it again. */
  kill(part: string): void;
  /** Ends the demo; its data stays for a later start when the folder was given. */
  end(): Promise<void>;
}

export interface DemoTestSetup {
  readonly scenario?: string;
  readonly speed: number;
  readonly broker?: "embedded" | "mosquitto";
  readonly twinFolder?: string;
  readonly siteFolders?: Partial<Record<Side, string>>;
  /** Where its data is; without it a folder of its own that goes with it. */
  readonly folder?: string;
}

/** The very demo that `npm start` runs, on free ports and in a folder of its own. */
export async function demoUnderTest(setup: DemoTestSetup): Promise<DemoUnderTest> {
  const folder = setup.folder ?? (await mkdtemp(join(tmpdir(), "baton-e2e-")));
  const demo = await startDemo({
    scenario: setup.scenario ?? "first-look",
    speed: setup.speed,
    folder,
    fresh: false,
    verbose: false,
    broker: setup.broker ?? "embedded",
    ports: "free",
    twinFolder: setup.twinFolder,
    ...(setup.siteFolders === undefined ? {} : { siteFolders: setup.siteFolders }),
    say: () => {},
  });
  const authorization = (side: Side): Record<string, string> => ({
    authorization: `Bearer ${demo.identities[side].tokens.engineer}`,
  });
  const get = async <T>(side: Side, path: string): Promise<T> => {
    const answer = await fetch(`${demo.httpUrl[side]}${path}`, { headers: authorization(side) }).catch(
      (error: unknown) => {
        throw new NotNow(`GET ${path} of ${side}: ${String(error)}`);
      },
    );
    if (answer.status === 503) throw new NotNow(`GET ${path} of ${side}: ${await answer.text()}`);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    const body: T = await answer.json();
    return body;
  };
  return {
    ...demo,
    missions: (side) => get(side, "/api/v1/missions"),
    alarms: (side) => get(side, "/api/v1/alarms"),
    vehicles: (side) => get(side, "/api/v1/vehicles"),
    borderline: (side) => get(side, "/api/v1/borderline"),
    custody: (side) => get(side, "/api/v1/custody"),
    post: (side, path, body) =>
      fetch(`${demo.httpUrl[side]}${path}`, {
        method: "POST",
        headers: { ...authorization(side), "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    kill(part) {
      const pid = demo.supervisor.pids().get(part);
      if (pid === undefined) throw new Error(`${part} does not run`);
      process.kill(pid, "SIGKILL");
    },
    async end() {
      await demo.stop();
      if (setup.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What a vehicle is told of that is late. The 23 s within which it has to show what it was told are less than 5 s here at fivefold
 * speed, and a busy machine takes longer: that it was missed, and then heard, is the truth of it.
 */
const OF_LATENESS: ReadonlySet<string> = new Set([
  "vehicle.unheard",
  "vehicle.silent",
  "fleet.not-reflected",
]);

/** Holds once no alarm stands and none was ever raised, but for those of lateness. */
export async function noAlarmButOfLateness(demo: DemoUnderTest, side: Side): Promise<void> {
  const others = async (): Promise<readonly AlarmView[]> =>
    (await demo.alarms(side)).filter(({ code, state }) => state !== "returned" || !OF_LATENESS.has(code));
  await until(
    async () => (await others()).length === 0,
    async () => JSON.stringify(await others()),
    LATE_MS,
  );
}

/** The orchestrator is not there, or says that it cannot answer for now: anything but this is an answer, or a bug. */
class NotNow extends Error {
  override readonly name = "NotNow";
}

/**
 * Waits until `condition` gives something; asks again every `everyMs`, gives up with what `describe` says. The limit is
 * there to end a test that will never pass, not to measure: it is far beyond what the slowest machine needs.
 */
export async function until<T>(
  condition: () => Promise<T | undefined | false>,
  describe: string | (() => Promise<string>),
  withinMs = PATIENCE_MS,
  everyMs = 250,
): Promise<T> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const found = await condition().catch(notNow);
    if (found !== undefined && found !== false && !(found instanceof NotNow)) return found;
    if (Date.now() > deadlineMs) {
      const said = typeof describe === "string" ? describe : await describe().catch(String);
      const last = found instanceof NotNow ? ` (${found.message})` : "";
      throw new Error(`not within ${withinMs / 1000} s: ${said}${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function notNow(error: unknown): NotNow {
  if (error instanceof NotNow) return error;
  throw error;
}
