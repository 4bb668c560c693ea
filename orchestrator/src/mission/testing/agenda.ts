import type { Side } from "@baton/maps";

/** What is to happen next lies in a list; what did happen is counted. */
export class Agenda {
  readonly tasks: (() => void)[] = [];
  /** How often each physical thing happened: lifts by container and way, switches by hand-off, ... */
  readonly happened = new Map<string, number>();
  /** What a side was asked that no event answers, and has not written down yet: gone with its process. */
  readonly #undecided: Record<Side, (() => void)[]> = { vn: [], cn: [] };

  later(task: () => void): void {
    this.tasks.push(task);
  }

  /** Does the next thing, or the one that `pick` chooses among those that can happen. False when nothing is to happen. */
  step(pick: (count: number) => number = () => 0): boolean {
    const [task] = this.tasks.splice(pick(this.tasks.length), 1);
    task?.();
    return task !== undefined;
  }

  did(what: string): void {
    this.happened.set(what, this.count(what) + 1);
  }

  count(what: string): number {
    return this.happened.get(what) ?? 0;
  }

  /** Done a little later, or before whatever else the road is asked. */
  ask(side: Side, task: () => void): void {
    if (this.#undecided[side].push(task) === 1) this.later(() => this.decide(side));
  }

  decide(side: Side): void {
    for (const task of this.#undecided[side].splice(0)) task();
  }

  forget(side: Side): void {
    this.#undecided[side] = [];
  }
}
