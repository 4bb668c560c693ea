import type { MissionView } from "../contract/index.ts";
import type { HandoffEvent } from "../handoff/port.ts";
import type { EventDraft, EventType } from "./event.ts";
import type { EventLog } from "./event-log.ts";
import type { SharingPolicy } from "./sharing-policy.ts";
import { missionView } from "./views.ts";

/** Events that wait for Redis to come back; with more, the oldest are told again by the rooms themselves at a restart. */
const MAX_PENDING = 10_000;

export interface PartnerFeed {
  /** Tells what a hand-off has come to; the same again is one event. */
  handoff(event: HandoffEvent, nowMs: number): void;
  /** Tells the steps that a mission has come through since it was last told of. */
  mission(mission: MissionView): void;
  /** Called after events were added to the log. */
  onAppended(listener: () => void): () => void;
}

/** Brings what hand-offs and missions announce into the durable log, in order, each once, with what the policy lets out. */
export function createPartnerFeed(options: {
  readonly log: EventLog;
  readonly policy: SharingPolicy;
  /** The container of a hand-off and our role in it, as far as it is still known. */
  readonly about: (handoffId: string) => Readonly<Record<string, unknown>>;
  readonly timers: { after(delayMs: number, task: () => void): () => void };
  readonly warn: (context: object, message: string) => void;
}): PartnerFeed {
  const { log, policy, about, timers, warn } = options;
  const pending: EventDraft[] = [];
  const listeners = new Set<() => void>();
  const told = new Map<string, number>();
  let isBusy = false;

  const pump = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    let added = 0;
    try {
      for (let draft = pending[0]; draft !== undefined; draft = pending[0]) {
        if ((await log.append(draft)) !== undefined) added++;
        pending.shift();
      }
    } catch (error) {
      warn({ err: error, waiting: pending.length }, "events for the partner wait for the store");
      timers.after(1_000, () => void pump());
    }
    isBusy = false;
    if (added > 0) for (const listener of listeners) listener();
  };
  const tell = (draft: EventDraft): void => {
    if (pending.length >= MAX_PENDING) pending.shift();
    pending.push(draft);
    void pump();
  };

  return {
    handoff(event, nowMs) {
      const draft = handoffDraft(event, nowMs, about);
      if (draft !== undefined) tell(draft);
    },
    mission(mission) {
      const from = told.get(mission.missionId) ?? 0;
      for (const [at, { step, atMs }] of mission.timeline.entries()) {
        if (at < from) continue;
        const { stepSinceMs: _now, ...view } = missionView(mission, policy);
        tell({
          eventId: `mission:${mission.missionId}:${at}:${step}`,
          type: "baton.mission.step.v1",
          subject: mission.containerNo ?? mission.missionId,
          atMs,
          data: { ...view, step, atMs },
        });
      }
      told.set(mission.missionId, mission.timeline.length);
      if (mission.status === "done" || mission.status === "returned") told.delete(mission.missionId);
    },
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function handoffDraft(
  event: HandoffEvent,
  atMs: number,
  about: (handoffId: string) => Readonly<Record<string, unknown>>,
): EventDraft | undefined {
  if (event.kind === "trouble") return undefined;
  const type: EventType = `baton.handoff.${event.kind}.v1`;
  const handoffId = event.kind === "offered" ? event.offer.handoffId : event.handoffId;
  return {
    eventId: `handoff:${handoffId}:${event.kind}`,
    type,
    subject: handoffId,
    atMs,
    data: { ...about(handoffId), ...dataOf(event) },
  };
}

function dataOf(event: Exclude<HandoffEvent, { kind: "trouble" }>): Record<string, unknown> {
  switch (event.kind) {
    case "offered": {
      const { handoffId, vehicleId, direction, etaMs } = event.offer;
      return { handoffId, vehicleId, direction, etaMs };
    }
    case "ready":
      return { handoffId: event.handoffId };
    default: {
      const { kind: _kind, ...data } = event;
      return data;
    }
  }
}
