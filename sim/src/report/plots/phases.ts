import type { Step } from "@baton/orchestrator/contract";

/** What a container's journey is made of, coarser than its steps. */
export interface Phase {
  readonly name: string;
  readonly colour: string;
  readonly steps: readonly Step[];
  /** Whether it mostly waits in it: drawn lighter. */
  readonly isWait?: boolean;
}

export const PHASES: readonly Phase[] = [
  { name: "waits for a vehicle", colour: "var(--c-orange)", steps: ["assign-vehicle"], isWait: true },
  { name: "vehicle comes", colour: "var(--c-sky)", steps: ["drive-to-crane"] },
  { name: "loaded, sealed", colour: "var(--c-green)", steps: ["load", "arm-seal"] },
  { name: "identified, weighed, scanned", colour: "var(--c-blue)", steps: ["identify", "weigh", "scan"] },
  { name: "to its bay", colour: "var(--c-teal)", steps: ["drive-to-buffer"] },
  {
    name: "verdict and release",
    colour: "var(--c-purple)",
    steps: ["verdict", "quarantine", "decision", "inspection"],
    isWait: true,
  },
  {
    name: "exit gate, to the line",
    colour: "var(--c-slate)",
    steps: ["offer", "guard-exit", "drive-to-hold"],
  },
  { name: "handed over, crosses", colour: "var(--c-red)", steps: ["handoff", "accept", "cross"] },
  { name: "entry gate", colour: "var(--c-yellow)", steps: ["guard-entry"] },
  { name: "to the yard, unloaded", colour: "var(--c-brown)", steps: ["drive-to-yard", "unload", "close"] },
];

export function phaseOf(step: Step): number {
  return PHASES.findIndex(({ steps }) => steps.includes(step));
}
