import type { Clock } from "@baton/fleet-adapter";
import type { Side } from "@baton/maps";
import type { TransferReport } from "./transfer-port.ts";

/** What is known of a crane at the line. */
export interface LineCrane {
  readonly deviceId: string;
  /** Undefined: it was not heard since this process began. */
  readonly report: TransferReport | undefined;
  readonly heardAtMs: number | undefined;
  /** Since when it has nothing to do, as far as was heard; undefined while it has. */
  readonly freeSinceMs: number | undefined;
  /** It was heard a short while ago, and says that nothing is wrong with it. */
  readonly isFit: boolean;
  /** Since when it has been missed; absent while it is heard, and before it was heard at all. */
  readonly silentSinceMs?: number;
  /** The side that took the last container: it gives the next, if it has one, so that who was emptied takes it home. */
  readonly turn: Side | undefined;
}

/** It says where it stands at every change, and every few seconds. */
const SILENT_AFTER_MS = 30_000;

/** The cranes at the line, as they told of themselves last. */
export class LineCranes {
  readonly #clock: Clock;
  readonly #heard = new Map<
    string,
    { report: TransferReport; heardAtMs: number; freeSinceMs: number | undefined }
  >();
  readonly #deviceIds: readonly string[];
  readonly #listeners = new Set<(report: TransferReport) => void>();

  constructor(deviceIds: Iterable<string>, clock: Clock) {
    this.#deviceIds = [...new Set(deviceIds)].sort();
    this.#clock = clock;
  }

  hear(report: TransferReport): void {
    const heardAtMs = this.#clock.nowMs();
    const before = this.#heard.get(report.deviceId);
    const freeSinceMs = report.phase === "free" ? (before?.freeSinceMs ?? heardAtMs) : undefined;
    this.#heard.set(report.deviceId, { report, heardAtMs, freeSinceMs });
    for (const listener of [...this.#listeners]) listener(report);
  }

  /** Told of each report, when it has been taken in. */
  subscribe(listener: (report: TransferReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** In the order of their names. */
  all(): readonly LineCrane[] {
    return this.#deviceIds.map((deviceId) => this.of(deviceId));
  }

  of(deviceId: string): LineCrane {
    const { report, heardAtMs, freeSinceMs } = this.#heard.get(deviceId) ?? {};
    const isSilent = heardAtMs === undefined || this.#clock.nowMs() - heardAtMs > SILENT_AFTER_MS;
    return {
      deviceId,
      report,
      heardAtMs,
      freeSinceMs,
      isFit: !isSilent && report?.fault === undefined,
      ...(isSilent && heardAtMs !== undefined ? { silentSinceMs: heardAtMs + SILENT_AFTER_MS } : {}),
      turn: report?.register.authority,
    };
  }
}
