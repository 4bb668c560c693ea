import { createHash } from "node:crypto";
import { setImmediate as breath } from "node:timers/promises";
import { uuidIds } from "@baton/fleet-adapter";
import { compileNetwork, vehicleClassIdOf } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { accountsFrom } from "../../orchestrator/src/accounts/accounts.ts";
import { hashPassword } from "../../orchestrator/src/accounts/password.ts";
import { type AlarmBook, createAlarmBook } from "../../orchestrator/src/alarms/alarm-book.ts";
import { createFeedHub, encodeControlFrame } from "../../orchestrator/src/api/feed-hub.ts";
import { createFeedPublisher } from "../../orchestrator/src/api/feed-publisher.ts";
import { createServer } from "../../orchestrator/src/api/server.ts";
import { siteViewOf } from "../../orchestrator/src/api/site-view.ts";
import type {
  BorderlineView,
  HandoffView,
  MissionView,
  StationClosureView,
} from "../../orchestrator/src/contract/index.ts";
import { registryOf } from "../../orchestrator/src/metrics.ts";
import type { OutOfUse } from "../../orchestrator/src/reservation/port.ts";
import { groundOf } from "../../orchestrator/src/rooms.ts";
import { openTape } from "../../orchestrator/src/tape/tape.ts";
import { silentLog } from "../../sim/src/process/log.ts";
import { type AskedFor, deskOfViewers } from "./desk-of-viewers.ts";
import { MadeUpFleet } from "./made-up-fleet.ts";

const SIDE = "vn";
const TICK_MS = 200;
const TOKEN = "made-up-operator";
const SUPERVISOR_TOKEN = "made-up-supervisor";
const CUSTOMS_TOKEN = "made-up-customs-officer";
const HOUR_MS = 3_600_000;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The account of whoever sits at the page. */
export const LAN = { name: "lan", password: "đường biên 2030" };

/** A tick of the site's clock, and when its frame was sent by the machine's. */
export interface Fed {
  readonly siteMs: number;
  readonly sentAtMs: number;
}

/** A minute's ticks. */
const FED_KEPT = 300;

export interface MadeUpSide {
  /** The control room's page, with an operator signed in. */
  readonly page: string;
  /** The same with a supervisor. */
  readonly supervisorsPage: string;
  /** And with a customs officer. */
  readonly customsPage: string;
  /** The feed, as a viewer's socket asks for it. */
  readonly feed: string;
  readonly alarms: AlarmBook;
  /** What the line's panel tells of hand-offs. */
  setHandoffs(handoffs: readonly HandoffView[]): void;
  /** A mission beside those of the vehicles that drive. */
  tellMission(mission: MissionView): void;
  setClosedStations(closed: readonly StationClosureView[]): void;
  /** Which vehicles are marked as failed from now on. */
  setFailed(failed: OutOfUse["failed"]): void;
  /** What the desk was asked to do, in that order. */
  readonly asked: readonly AskedFor[];
  viewers(): number;
  /** Where each vehicle is, or was at a moment, site frame. */
  places(atMs?: number): ReadonlyMap<string, { readonly xM: number; readonly yM: number }>;
  nowMs(): number;
  /** When, ms UTC, each of the last ticks was fed to viewers; oldest first. */
  fed(): readonly Fed[];
  /** From now on so much faster than real time; viewers are told when they come (anew). */
  setSpeed(speed: number): void;
  /** Nothing answers any more and every connection ends; the world goes on, by `forMs` at once. */
  cut(forMs: number): Promise<void>;
  /** Answers again, at the same address. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The real API, feed and page of one side, over traffic that is made up: what viewers see and what they cost, without the
 * rooms behind it.
 */
export async function startMadeUpSide(options: {
  readonly siteId: string;
  readonly vehicles: number;
  readonly twinFolder: string | undefined;
  /** Where the tape is, which then has an hour on it already. */
  readonly tapeFolder?: string;
}): Promise<MadeUpSide> {
  const loaded = await loadSite(siteDirectory(options.siteId));
  if (!loaded.ok) throw new Error(`${options.siteId} is not a site`);
  const { vehicleClassId } = groundOf(loaded.site, SIDE).vehicleClass;
  const network = compileNetwork(loaded.site, SIDE, vehicleClassIdOf(vehicleClassId));
  const siteView = siteViewOf(loaded.site, SIDE, network, [], [{ side: SIDE, url: "/api/v1/feed" }]);
  const ids = uuidIds();
  const beganMs = Date.UTC(2026, 10, 22);
  let nowMs = beganMs;
  let speed = 1;
  const fleet = new MadeUpFleet(siteView, options.vehicles, nowMs);
  const hub = createFeedHub();
  const alarms = createAlarmBook({
    side: SIDE,
    nowMs: () => nowMs,
    onChange: (alarm) => publisher.alarmChanged(alarm),
  });
  let handoffs: readonly HandoffView[] = [];
  const borderline = (): BorderlineView => ({ side: SIDE, partner: "online", handoffs: [...handoffs] });
  const told = new Map<string, MissionView>();
  const missions = (): readonly MissionView[] => [...fleet.missions(SIDE), ...told.values()];
  let closedStations: readonly StationClosureView[] = [];
  let failed: OutOfUse["failed"] = [];
  const asked: AskedFor[] = [];
  const publish = () =>
    createFeedPublisher({
      side: SIDE,
      siteId: siteView.siteId,
      tickMs: TICK_MS,
      speed,
      nowMs: () => nowMs,
      fleet,
      reservation: {
        holding: (vehicleId) => fleet.holding(vehicleId),
        explain: () => undefined,
        outOfUse: () => ({ closures: [], failed }),
      },
      missions,
      alarms: () => alarms.list(),
      borderline,
      devices: () => [],
      closedStations: () => closedStations,
      hub,
    });
  let publisher = publish();
  const desk = deskOfViewers({
    site: siteView,
    alarms,
    missions,
    vehicles: () => publisher.vehicles(),
    borderline,
    closedStations: () => closedStations,
    did: (...act) => void asked.push(act),
  });

  let recorded = 0;
  let tick = 0;
  const fed: Fed[] = [];
  const step = (): void => {
    nowMs += TICK_MS;
    fleet.driveTo(nowMs);
    const sentAtMs = performance.timeOrigin + performance.now();
    publisher.tick(++tick);
    fed.push({ siteMs: nowMs, sentAtMs });
    if (fed.length > FED_KEPT) fed.shift();
  };
  const tape =
    options.tapeFolder === undefined
      ? undefined
      : await openTape({
          directory: options.tapeFolder,
          keepHours: 24,
          nowMs: () => nowMs,
          greeting: () => publisher.greeting().map(encodeControlFrame),
          onError: (error) => {
            throw error;
          },
        });
  if (tape !== undefined) {
    hub.join(tape.socket, []);
    while (nowMs < beganMs + HOUR_MS) {
      step();
      while (tape.socket.unreadBytes > 0) await breath();
    }
  }
  const passwordHash = await hashPassword(LAN.password);

  const listen = async (port: number) => {
    const server = await createServer({
      desk,
      accounts: accountsFrom({
        accounts: [
          { name: LAN.name, passwordHash, role: "control-operator", tokenSha256: sha256(TOKEN) },
          { name: "minh", role: "supervisor", tokenSha256: sha256(SUPERVISOR_TOKEN) },
          { name: "hoa", role: "customs-officer", tokenSha256: sha256(CUSTOMS_TOKEN) },
        ],
      }),
      audit: {
        record: async (act) => ({ ...act, sequence: ++recorded, atMs: nowMs, previousHash: "", hash: "" }),
        search: async () => [],
        verify: async () => ({ entries: 0, brokenAt: undefined }),
      },
      nowMs: () => nowMs,
      nextId: () => ids.next(),
      newToken: () => ids.next(),
      provider: undefined,
      hub,
      tape,
      greeting: () => publisher.greeting(),
      metrics: registryOf(SIDE, []),
      partnerKeys: { enrol: async () => "unproven", theirs: () => [] },
      partnerDeliveries: { list: async () => [], redeliver: async () => undefined },
      partnerRoutes: async () => {},
      twinFolder: options.twinFolder,
      allowedOrigins: [],
      log: silentLog,
    });
    await server.listen({ host: "127.0.0.1", port });
    return server;
  };
  let server = await listen(0);
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("a server on a port has one");
  const { port } = address;

  let timer: ReturnType<typeof setInterval> | undefined;
  const run = (): void => {
    clearInterval(timer);
    timer = setInterval(step, TICK_MS / speed);
  };
  run();

  const fleetAt = (atMs: number): MadeUpFleet => {
    const then = new MadeUpFleet(siteView, options.vehicles, beganMs);
    then.driveTo(atMs);
    return then;
  };

  return {
    page: `http://127.0.0.1:${port}/?lang=en&token=${TOKEN}`,
    customsPage: `http://127.0.0.1:${port}/?lang=en&token=${CUSTOMS_TOKEN}`,
    supervisorsPage: `http://127.0.0.1:${port}/?lang=en&token=${SUPERVISOR_TOKEN}`,
    feed: `ws://127.0.0.1:${port}/api/v1/feed?token=${TOKEN}`,
    alarms,
    setHandoffs(told) {
      handoffs = told;
    },
    tellMission(mission) {
      told.set(mission.missionId, mission);
      publisher.missionChanged(mission);
    },
    setClosedStations(closed) {
      closedStations = closed;
    },
    setFailed(marked) {
      failed = marked;
    },
    asked,
    viewers: () => hub.viewers(),
    places: (atMs) =>
      new Map(
        [...(atMs === undefined ? fleet : fleetAt(atMs)).vehicles()].flatMap(([vehicleId, { state }]) =>
          state?.pose === undefined ? [] : [[vehicleId, state.pose]],
        ),
      ),
    nowMs: () => nowMs,
    fed: () => fed,
    setSpeed(to) {
      speed = to;
      publisher = publish();
      run();
    },
    async cut(forMs) {
      clearInterval(timer);
      await server.close();
      nowMs += forMs;
      fleet.driveTo(nowMs);
    },
    async mend() {
      server = await listen(port);
      run();
    },
    async stop() {
      clearInterval(timer);
      await server.close();
      await tape?.stop();
    },
  };
}
