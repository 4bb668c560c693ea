/** Messages on their way: each arrives in the tick it is due, those of one tick in the order sent. */
export class Channel<T> {
  readonly #due = new Map<number, T[]>();

  send(message: T, dueTick: number): void {
    const others = this.#due.get(dueTick);
    if (others === undefined) this.#due.set(dueTick, [message]);
    else others.push(message);
  }

  /** What arrives in this tick; to be asked for every tick. */
  arrivals(tick: number): readonly T[] {
    const arrived = this.#due.get(tick) ?? [];
    this.#due.delete(tick);
    return arrived;
  }
}
