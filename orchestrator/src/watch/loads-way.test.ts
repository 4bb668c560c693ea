import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, HandoffPointId, NodeId } from "@baton/maps";
import { beforeEach, expect, test } from "vitest";
import type { LineCrane } from "../handoff/line-cranes.ts";
import type { HandoffId, HandoffSummary } from "../handoff/port.ts";
import type { TransferCommand, TransferReport } from "../handoff/transfer-port.ts";
import type { Closure } from "../reservation/port.ts";
import { ring } from "../reservation/testing/layouts.ts";
import type { Holder } from "./closure-alarms.ts";
import { isLoadsWay, type LoadsWay, loadsWay } from "./loads-way.ts";

const POINT = "export-crane" as HandoffPointId;
const ID = "h1" as HandoffId;
const DOCK: TransferCommand = { kind: "dock", handoffId: ID, expectedEpoch: 4 };
const BELOW: Holder = {
  vehicleId: "turns-back" as VehicleId,
  grantedEdgeIds: ["r2>r3" as EdgeId],
  lastNodeId: "r2" as NodeId,
};
const OPEN: HandoffSummary = {
  handoffId: ID,
  role: "giver",
  phase: "readying",
  vehicleId: "sim.vn-01" as VehicleId,
  containerNo: "MSCU6639870",
  handoffPointId: POINT,
  mode: "container-transfers",
  sinceMs: 0,
};

let closures: Closure[];
let holders: Holder[];
let open: HandoffSummary[];
let commands: TransferCommand[];
let crane: { phase: TransferReport["phase"]; epoch: number; isFit: boolean };
let keeper: LoadsWay;

function started(): LoadsWay {
  return loadsWay({
    side: "vn",
    handoffPoints: [
      {
        handoffPointId: POINT,
        direction: "export",
        mode: "container-transfers",
        deviceId: "line-crane-1",
        pads: { giverNodeId: "r0", takerNodeId: "c0" },
        loadWay: { giverEdgeId: "r2>r3", takerEdgeId: "c2>c3" },
      },
    ],
    network: ring(8).network,
    transfers: { serves: () => true, command: (_, command) => void commands.push(command) },
    reservation: {
      close: (closure) => void closures.push(closure),
      open: (closureId) => {
        closures = closures.filter((each) => each.closureId !== closureId);
      },
      outOfUse: () => ({ closures, failed: [] }),
    },
    cranes: {
      of: (deviceId): LineCrane => ({
        deviceId,
        report: {
          deviceId,
          atMs: 0,
          phase: crane.phase,
          register: { authority: "vn", epoch: crane.epoch },
        },
        heardAtMs: 0,
        freeSinceMs: undefined,
        isFit: crane.isFit,
        turn: undefined,
      }),
    },
    holders: () => holders,
    open: () => open,
  });
}

beforeEach(() => {
  closures = [];
  holders = [];
  open = [OPEN];
  commands = [];
  crane = { phase: "free", epoch: 4, isFit: true };
  keeper = started();
});

test("the word that our vehicle is docked waits until the ground below the load is closed, and everybody has left it", () => {
  holders = [BELOW];
  keeper.command(POINT, DOCK);
  expect(closures.map(({ closureId, edgeIds }) => [isLoadsWay(closureId), edgeIds])).toEqual([
    [true, ["r2>r3"]],
  ]);
  keeper.look();
  keeper.look();
  expect(commands).toEqual([]);
  holders = [];
  keeper.look();
  expect(commands).toEqual([DOCK]);
  expect(closures).toHaveLength(1);
});

test("the ground is open again when the crane is free after that word, and not while it may yet begin on it", () => {
  keeper.command(POINT, DOCK);
  keeper.look();
  expect(commands).toEqual([DOCK]);
  // Not yet obeyed: free, with the number that our word was meant for.
  for (const phase of ["free", "presented", "lowering", "hanging", "landing", "releasing"] as const) {
    crane = { phase, epoch: phase === "free" ? 4 : 5, isFit: true };
    keeper.look();
    expect(closures).toHaveLength(1);
  }
  crane = { phase: "free", epoch: 6, isFit: false };
  keeper.look();
  expect(closures).toHaveLength(1);
  crane = { phase: "free", epoch: 6, isFit: true };
  keeper.look();
  expect(closures).toEqual([]);
});

test("a word that has become void is not said, and the ground opened", () => {
  holders = [BELOW];
  keeper.command(POINT, DOCK);
  open = [];
  holders = [];
  keeper.look();
  expect(commands).toEqual([]);
  expect(closures).toEqual([]);
});

test("after a restart the ground stays closed while a hand-off is open or the crane at work, and is closed again when it was opened then", () => {
  keeper.command(POINT, DOCK);
  keeper = started();
  keeper.look();
  expect(closures).toHaveLength(1);
  crane = { phase: "landing", epoch: 5, isFit: true };
  closures = [];
  keeper.look();
  expect(closures).toHaveLength(1);
  crane = { phase: "free", epoch: 6, isFit: true };
  open = [];
  keeper.look();
  expect(closures).toEqual([]);
});

test("whoever gives a container up is not kept waiting", () => {
  const fence: TransferCommand = { kind: "switch", handoffId: ID, expectedEpoch: 5, to: "vn" };
  holders = [BELOW];
  keeper.command(POINT, fence);
  expect(commands).toEqual([fence]);
  expect(closures).toEqual([]);
});
