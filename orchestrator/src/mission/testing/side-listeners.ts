import type { Side } from "@baton/maps";

/** Who listens at each side to events of one kind. */
export class SideListeners<T> {
  readonly #of: Record<Side, Set<(event: T) => void>> = { vn: new Set(), cn: new Set() };

  add(side: Side, listener: (event: T) => void): () => void {
    this.#of[side].add(listener);
    return () => this.#of[side].delete(listener);
  }

  tell(side: Side, event: T): void {
    for (const listener of [...this.#of[side]]) listener(event);
  }

  clear(side: Side): void {
    this.#of[side].clear();
  }
}
