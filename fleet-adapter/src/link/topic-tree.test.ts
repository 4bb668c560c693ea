import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TopicTree, topicFits } from "./topic-tree.ts";

const name = fc.constantFrom("a", "b", "", "$a");
const topic = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const filter = fc
  .tuple(fc.array(fc.oneof(name, fc.constant("+")), { maxLength: 4 }), fc.boolean())
  .map(([levels, all]) => (all || levels.length === 0 ? [...levels, "#"] : levels).join("/"));

describe("a topic filter", () => {
  it.each([
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/b/c", "a/b", false],
    ["a/+", "a/b", true],
    ["a/+", "a", false],
    ["a/+/c", "a//c", true],
    ["+/+", "/a", true],
    ["+", "/a", false],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["a/#", "ab", false],
    ["#", "a/b", true],
    ["#", "$SYS/x", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
  ])("%s on %s: %s (MQTT 3.1.1, section 4.7)", (given, on, fits) => {
    expect(topicFits(given, on)).toBe(fits);
  });
});

describe("a tree of filters", () => {
  it("finds whom the filters name, each once, after any comings and goings", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ filter, listener: fc.nat(3), comes: fc.boolean() }), { maxLength: 30 }),
        fc.array(topic, { minLength: 1, maxLength: 10 }),
        (changes, topics) => {
          const tree = new TopicTree<number>();
          const subscribed = new Map<number, Set<string>>();
          for (const change of changes) {
            const filters = subscribed.get(change.listener) ?? new Set();
            subscribed.set(change.listener, filters);
            if (change.comes) {
              tree.add(change.filter, change.listener);
              filters.add(change.filter);
            } else {
              tree.remove(change.filter, change.listener);
              filters.delete(change.filter);
            }
            for (const on of topics) {
              const wanted = [...subscribed].flatMap(([listener, all]) =>
                [...all].some((one) => topicFits(one, on)) ? [listener] : [],
              );
              expect([...tree.listeners(on)].sort()).toEqual(wanted.sort());
            }
          }
        },
      ),
    );
  });
});
