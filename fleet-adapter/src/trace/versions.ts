/** The versions of VDA 5050 that a trace may be in. */
export type Version = "2.0" | "2.1" | "3.0";

/** The version that a message is judged by: its own word, where that fits its topic; else the newest of the topic's. */
export function versionOf(topicVersion: string, claimed: unknown): Version | undefined {
  if (topicVersion === "v3") return "3.0";
  if (topicVersion !== "v2") return undefined;
  return typeof claimed === "string" && claimed.startsWith("2.0") ? "2.0" : "2.1";
}

/** Where a rule stands in each version; `undefined` for one that a version does not have. */
export type Sections = Readonly<Record<Version, string | undefined>>;

/** Most sections have one number in both 2.x and another in 3.0. */
export function sections(in2: string | undefined, in3: string | undefined): Sections {
  return { "2.0": in2, "2.1": in2, "3.0": in3 };
}
