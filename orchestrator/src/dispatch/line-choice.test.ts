import type { HandoffPointId, NodeId, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { lineFor } from "./line-choice.ts";
import type { YardLine } from "./yard.ts";

const passing: YardLine = {
  mode: "control-passes",
  handoffPointId: "export" as HandoffPointId,
  direction: "export",
  holdNodeId: "hold" as NodeId,
  beyondNodeId: "beyond" as NodeId,
};
const crane = (orderShare?: number): YardLine => ({
  mode: "container-transfers",
  handoffPointId: "export-crane" as HandoffPointId,
  direction: "export",
  deviceId: "line-crane-1",
  pad: { stationId: "pad" as StationId, nodeId: "pad" as NodeId },
  ...(orderShare === undefined ? {} : { orderShare }),
});
const pointOf = (lines: readonly YardLine[], orderId: string, handoffPointId?: string) =>
  lineFor({ lines }, { direction: "export", orderId, ...(handoffPointId ? { handoffPointId } : {}) })
    ?.handoffPointId;

describe("where an order crosses the line", () => {
  it("is the point that it names, or none when the site has no such point", () => {
    expect(pointOf([passing, crane(0)], "o-1", "export-crane")).toBe("export-crane");
    expect(pointOf([passing, crane(1)], "o-1", "export")).toBe("export");
    expect(pointOf([passing], "o-1", "export-crane")).toBeUndefined();
  });

  it("is the first point of its direction where the crane has no share of the orders", () => {
    expect(pointOf([passing, crane()], "o-1")).toBe("export");
    expect(pointOf([crane(), passing], "o-1")).toBe("export-crane");
  });

  it("is the crane for its share of numbered orders, and the same when asked again", () => {
    const points = Array.from({ length: 2_000 }, (_, i) => pointOf([passing, crane(0.3)], `day.vn-${i}`));
    const byCrane = points.filter((point) => point === "export-crane").length;
    expect(byCrane / points.length).toBeGreaterThan(0.27);
    expect(byCrane / points.length).toBeLessThan(0.33);
    expect(pointOf([passing, crane(0.3)], "day.vn-7")).toBe(points[7]);
  });
});
