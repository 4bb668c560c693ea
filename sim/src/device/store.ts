import { DeviceJobMessage, DeviceReport } from "@baton/orchestrator";
import Type from "typebox";
import { Compile } from "typebox/compile";
import type { Device } from "./device.ts";

const DeviceMemory = Type.Object({
  memoryVersion: Type.Literal(1),
  jobs: Type.Array(
    Type.Object({
      job: DeviceJobMessage,
      receivedAtMs: Type.Number(),
      phase: Type.Enum(["waiting", "working", "hanging", "over"]),
      dueAtMs: Type.Optional(Type.Number()),
      endedAtMs: Type.Optional(Type.Number()),
      seen: Type.Optional(Type.Object({ vehicleId: Type.String(), containerNo: Type.String() })),
      outcome: Type.Optional(DeviceReport.properties.outcome),
    }),
  ),
});
const memoryCheck = Compile(DeviceMemory);

export function rememberDevice(device: Device): string {
  return JSON.stringify({ memoryVersion: 1, jobs: device.jobs });
}

/** The device that was kept; undefined when the text is none of ours. */
export function recallDevice(text: string): Device | undefined {
  try {
    const memory: unknown = JSON.parse(text);
    return memoryCheck.Check(memory) ? { jobs: memory.jobs, passes: [] } : undefined;
  } catch {
    return undefined;
  }
}
