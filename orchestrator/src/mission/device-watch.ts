import type { Side, Site } from "@baton/maps";
import type { Alarms } from "../alarms/port.ts";
import type { DeviceView } from "../contract/index.ts";
import type { DeviceEvent, JobId } from "../gate/port.ts";

export interface DeviceWatchOptions {
  readonly side: Side;
  readonly site: Site;
  readonly alarms: Alarms;
  readonly nowMs: () => number;
  onChange(view: DeviceView): void;
}

/** What a device is known to be. */
interface Known {
  readonly stationId: string | undefined;
  /** Undefined before it has said so. */
  readonly isOnline: boolean | undefined;
  /** What it has said to work on, and neither done nor failed, and we still want. */
  readonly jobs: ReadonlySet<string>;
  readonly sinceMs: number | undefined;
  readonly position: DeviceView["position"];
}

const UNHEARD: Known = {
  stationId: undefined,
  isOnline: undefined,
  jobs: new Set(),
  sinceMs: undefined,
  position: undefined,
};

/** What the side's devices and agencies are, as far as was heard; one that is away is an alarm for as long as it is. */
export class DeviceWatch {
  readonly #options: DeviceWatchOptions;
  readonly #known: Map<string, Known>;
  /** Which device has which job. */
  readonly #deviceOf = new Map<string, string>();

  constructor(options: DeviceWatchOptions) {
    this.#options = options;
    const { stations } = options.site.file.sides[options.side];
    this.#known = new Map(
      stations.flatMap(({ stationId, deviceIds }) =>
        deviceIds.map((deviceId) => [deviceId, { ...UNHEARD, stationId }] as const),
      ),
    );
  }

  hear(event: Exclude<DeviceEvent, { readonly kind: "invalidMessage" }>): void {
    if (event.kind === "availability") {
      this.#hearAvailability(event.deviceId, event.online);
      return;
    }
    if (event.kind === "moved") {
      this.#hearPosition(event);
      return;
    }
    const { jobId, deviceId, outcome } = event.report;
    if (outcome.status !== "accepted") {
      this.forget(jobId);
      return;
    }
    this.#deviceOf.set(jobId, deviceId);
    const jobs = this.#knownOf(deviceId).jobs;
    if (!jobs.has(jobId)) this.#set(deviceId, { jobs: new Set([...jobs, jobId]) });
  }

  /** Nobody waits for a job any more. */
  forget(jobId: JobId | string): void {
    const deviceId = this.#deviceOf.get(jobId);
    if (deviceId === undefined) return;
    this.#deviceOf.delete(jobId);
    this.#set(deviceId, {
      jobs: new Set([...this.#knownOf(deviceId).jobs].filter((each) => each !== jobId)),
    });
  }

  /** In the order of their names. */
  away(): readonly string[] {
    return [...this.#known]
      .flatMap(([deviceId, { isOnline }]) => (isOnline === false ? [deviceId] : []))
      .sort();
  }

  views(): readonly DeviceView[] {
    return [...this.#known].map(([deviceId, known]) => this.#viewOf(deviceId, known));
  }

  #hearAvailability(deviceId: string, isOnline: boolean): void {
    const alarmId = `device.offline:${deviceId}`;
    const { alarms } = this.#options;
    if (isOnline) alarms.clear(alarmId);
    else
      alarms.raise({
        alarmId,
        code: "device.offline",
        detail: deviceId,
        facts: { deviceId },
        priority: "high",
      });
    this.#set(deviceId, { isOnline });
  }

  /** A device whose clock is ahead has not moved in the future. What is not of this site is nothing to look at. */
  #hearPosition({ deviceId, position, atMs }: Extract<DeviceEvent, { kind: "moved" }>): void {
    const before = this.#known.get(deviceId);
    if (before === undefined) return;
    const known = { ...before, position: { atMs: Math.min(atMs, this.#options.nowMs()), at: position } };
    this.#known.set(deviceId, known);
    this.#options.onChange(this.#viewOf(deviceId, known));
  }

  #knownOf(deviceId: string): Known {
    return this.#known.get(deviceId) ?? UNHEARD;
  }

  /** A change within the same state (another job) is none to whoever looks on. */
  #set(deviceId: string, change: Partial<Known>): void {
    const before = this.#knownOf(deviceId);
    const after = { ...before, ...change };
    const isSame = this.#known.has(deviceId) && stateOf(before) === stateOf(after);
    const known = isSame ? after : { ...after, sinceMs: this.#options.nowMs() };
    this.#known.set(deviceId, known);
    if (!isSame) this.#options.onChange(this.#viewOf(deviceId, known));
  }

  #viewOf(deviceId: string, known: Known): DeviceView {
    const { stationId, sinceMs, position } = known;
    return {
      deviceId,
      side: this.#options.side,
      ...(stationId === undefined ? {} : { stationId }),
      state: stateOf(known),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(position === undefined ? {} : { position }),
    };
  }
}

/** A device that is away does not work on what it had taken on, whatever it said before. */
function stateOf({ isOnline, jobs }: Known): DeviceView["state"] {
  if (isOnline === false) return "away";
  if (jobs.size > 0) return "busy";
  return isOnline === undefined ? "unheard" : "ready";
}
