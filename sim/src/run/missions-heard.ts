import type { Side } from "@baton/maps";
import type { MissionView } from "@baton/orchestrator/contract";
import type { MissionRun, SideSample } from "./record.ts";

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };

/** Missions as their views tell of them, one change after the other. */
export class MissionsHeard {
  readonly #runs = new Map<string, Changing<MissionRun>>();
  readonly #views: Readonly<Record<Side, Map<string, MissionView>>> = { vn: new Map(), cn: new Map() };
  /** How many entries of a mission's timeline are known. */
  readonly #told = new Map<string, number>();
  /** By vehicle: its missions that are not over. */
  readonly #ofVehicle = new Map<string, Set<MissionView>>();
  /** Of those that are not over, how many wait for a person: nearly always none. */
  #held = 0;

  hear(side: Side, view: MissionView, atMs: number): void {
    const run = this.#runOf(side, view);
    this.#steps(run, view);
    this.#holds(run, view, atMs);
    run.status = view.status;
    if (view.containerNo !== undefined) run.containerNo = view.containerNo;
    if (view.vehicleId !== undefined) run.vehicleId = view.vehicleId;
    const isOver = view.status === "done" || view.status === "returned";
    if (isOver && run.endMs === undefined) run.endMs = atMs;
    const before = this.#views[side].get(view.missionId);
    if (before?.vehicleId !== undefined) this.#ofVehicle.get(before.vehicleId)?.delete(before);
    if (before?.status === "held") this.#held -= 1;
    if (view.status === "held") this.#held += 1;
    if (isOver) this.#views[side].delete(view.missionId);
    else {
      this.#views[side].set(view.missionId, view);
      if (view.vehicleId !== undefined) {
        const missions = this.#ofVehicle.get(view.vehicleId) ?? new Set();
        this.#ofVehicle.set(view.vehicleId, missions.add(view));
      }
    }
  }

  /** Whether a mission that the vehicle is on waits for a person. */
  isHeld(vehicleId: string): boolean {
    if (this.#held === 0) return false;
    for (const view of this.#ofVehicle.get(vehicleId) ?? []) if (view.status === "held") return true;
    return false;
  }

  /** The missions of a vehicle that are not over. */
  of(vehicleId: string): readonly MissionView[] {
    return [...(this.#ofVehicle.get(vehicleId) ?? [])];
  }

  open(side: Side): Iterable<MissionView> {
    return this.#views[side].values();
  }

  /** How a side stands, but for its stations. */
  counts(side: Side): Omit<SideSample, "busyS"> {
    const missionsAt: Record<string, number> = {};
    let held = 0;
    for (const { step, status } of this.#views[side].values()) {
      missionsAt[step] = (missionsAt[step] ?? 0) + 1;
      if (status === "held") held += 1;
    }
    return { missionsAt, held, trucksWaiting: missionsAt["admit-truck"] ?? 0 };
  }

  /** In the order in which they began. */
  runs(): MissionRun[] {
    return [...this.#runs.values()];
  }

  #runOf(side: Side, view: MissionView): Changing<MissionRun> {
    const key = `${side} ${view.missionId}`;
    const known = this.#runs.get(key);
    if (known !== undefined) return known;
    const { missionId, bound, direction, status } = view;
    const made: Changing<MissionRun> = { missionId, side, bound, direction, steps: [], holds: [], status };
    this.#runs.set(key, made);
    return made;
  }

  /** A timeline tells when a step was over, which is when the next one was entered. */
  #steps(run: Changing<MissionRun>, view: MissionView): void {
    const { timeline, step, stepSinceMs } = view;
    const first = timeline[0];
    const enter = (entered: MissionView["step"], atMs: number): void => {
      if (run.steps.at(-1)?.step !== entered) run.steps.push({ step: entered, atMs });
    };
    const key = `${run.side} ${run.missionId}`;
    const told = this.#told.get(key) ?? 0;
    if (run.steps.length === 0) {
      if (timeline.length === 0 || first === undefined) enter(step, stepSinceMs);
      else enter(first.step, first.atMs);
    }
    for (let at = told; at < timeline.length; at++) {
      const over = timeline[at];
      const next = timeline[at + 1]?.step ?? step;
      if (over !== undefined) noteVehicle(run, over);
      if (over !== undefined && next !== over.step) enter(next, over.atMs);
    }
    this.#told.set(key, timeline.length);
  }

  #holds(run: Changing<MissionRun>, view: MissionView, atMs: number): void {
    const standing = run.holds.at(-1);
    const code = view.status === "held" ? view.held?.code : undefined;
    if (standing !== undefined && standing.untilMs === undefined) {
      if (standing.code === code) return;
      run.holds[run.holds.length - 1] = { ...standing, untilMs: atMs };
    }
    if (code !== undefined) run.holds.push({ code, fromMs: atMs });
  }
}

/** A vehicle that was called off to it, or away from it. */
function noteVehicle(
  run: Changing<MissionRun>,
  { evidenceParts, atMs }: MissionView["timeline"][number],
): void {
  if (evidenceParts?.code === "vehicle-called-off") run.calledOffMs = [...(run.calledOffMs ?? []), atMs];
  if (evidenceParts?.code === "vehicle-left") run.vehicleLeftMs = [...(run.vehicleLeftMs ?? []), atMs];
}
