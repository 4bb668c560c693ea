import { grown } from "./int-heap.ts";

/**
 * States of a search, struct of arrays, index = state; the arrays only ever grow. A state stands at `pose` from
 * `tick` on, free to stay there until `until`, with `stage` stops done, having come by `run` from state `parent`,
 * entered at `start` and `extra` ticks slower than at the road's speed. `parent` is -1 where the search began.
 */
export class SearchStates {
  count = 0;
  pose = new Int32Array(4096);
  stage = new Int32Array(4096);
  tick = new Int32Array(4096);
  until = new Int32Array(4096);
  /** When whoever ends the interval is gone; at least `ENDLESS` when that is never. */
  gap = new Int32Array(4096);
  cost = new Int32Array(4096);
  parent = new Int32Array(4096);
  run = new Int32Array(4096);
  start = new Int32Array(4096);
  extra = new Int32Array(4096);
  /** 1 where it came to a stand: going on costs a start. */
  stopped = new Int32Array(4096);

  /** Makes room for one more; returns its index. */
  add(): number {
    if (this.count === this.pose.length) {
      this.pose = grown(this.pose);
      this.stage = grown(this.stage);
      this.tick = grown(this.tick);
      this.until = grown(this.until);
      this.gap = grown(this.gap);
      this.cost = grown(this.cost);
      this.parent = grown(this.parent);
      this.run = grown(this.run);
      this.start = grown(this.start);
      this.extra = grown(this.extra);
      this.stopped = grown(this.stopped);
    }
    return this.count++;
  }
}
