/** What a search has come to. */
export interface Finding {
  readonly states: number;
  /** Steps from one state to another that were looked at. */
  readonly steps: number;
  /** The longest way to a state that has no shorter one. */
  readonly depth: number;
  /** What is broken; `undefined` when all of it was searched and nothing is. */
  readonly broken: string | undefined;
  /** How it came to that, a sentence a step. */
  readonly story: readonly string[];
}

/** A finding as a story, a numbered sentence a step. */
export function tell({ story, broken }: Finding): string {
  return [...story, `property ${broken ?? "none"}`].map((line, i) => `  ${i + 1}. ${line}`).join("\n");
}
