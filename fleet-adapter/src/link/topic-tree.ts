/**
 * Who listens to what: topic filters of MQTT 3.1.1 (section 4.7) in a tree by level. `+` stands for one level, `#` for
 * all that follow and for the level above; neither of them, as the first level, takes a topic that begins with `$`.
 */
export class TopicTree<Listener> {
  readonly #root: Level<Listener> = newLevel();
  /** What was asked before, until a filter comes or goes. Bound: MAX_KNOWN_TOPICS. */
  readonly #known = new Map<string, readonly Listener[]>();

  add(filter: string, listener: Listener): void {
    this.#known.clear();
    let level = this.#root;
    for (const name of filter.split("/")) {
      const below = level.below.get(name) ?? newLevel<Listener>();
      level.below.set(name, below);
      level = below;
    }
    level.listeners.add(listener);
  }

  remove(filter: string, listener: Listener): void {
    this.#known.clear();
    const path: { readonly level: Level<Listener>; readonly name: string }[] = [];
    let level = this.#root;
    for (const name of filter.split("/")) {
      const below = level.below.get(name);
      if (below === undefined) return;
      path.push({ level, name });
      level = below;
    }
    level.listeners.delete(listener);
    for (const { level: above, name } of path.reverse()) {
      const below = above.below.get(name);
      if (below === undefined || below.listeners.size > 0 || below.below.size > 0) return;
      above.below.delete(name);
    }
  }

  /** Each listener once, however many of its filters fit; the same order in every run. */
  listeners(topic: string): readonly Listener[] {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    const found = new Set<Listener>();
    collect(this.#root, topic.split("/"), 0, found);
    const listeners = [...found];
    if (this.#known.size >= MAX_KNOWN_TOPICS) this.#known.clear();
    this.#known.set(topic, listeners);
    return listeners;
  }
}

/** Whether a topic fits a filter. */
export function topicFits(filter: string, topic: string): boolean {
  const levels = filter.split("/");
  const names = topic.split("/");
  if (topic.startsWith("$") && (levels[0] === "+" || levels[0] === "#")) return false;
  for (const [at, level] of levels.entries()) {
    if (level === "#") return true;
    if (at >= names.length || (level !== "+" && level !== names[at])) return false;
  }
  return levels.length === names.length;
}

interface Level<Listener> {
  readonly below: Map<string, Level<Listener>>;
  readonly listeners: Set<Listener>;
}

const MAX_KNOWN_TOPICS = 20_000;

function newLevel<Listener>(): Level<Listener> {
  return { below: new Map(), listeners: new Set() };
}

function collect<Listener>(
  level: Level<Listener>,
  names: readonly string[],
  at: number,
  found: Set<Listener>,
): void {
  const name = names[at];
  const isHidden = at === 0 && name?.startsWith("$") === true;
  if (!isHidden) for (const listener of level.below.get("#")?.listeners ?? []) found.add(listener);
  if (name === undefined) {
    for (const listener of level.listeners) found.add(listener);
    return;
  }
  const same = level.below.get(name);
  if (same !== undefined) collect(same, names, at + 1, found);
  const any = isHidden ? undefined : level.below.get("+");
  if (any !== undefined) collect(any, names, at + 1, found);
}
