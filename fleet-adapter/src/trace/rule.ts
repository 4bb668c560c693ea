import type { TraceMessage } from "./messages.ts";
import type { Heard, Talk } from "./talk.ts";
import type { Sections, Version } from "./versions.ts";

/** Whose doing a rule judges. */
export type Party = "fleet control" | "vehicle" | "both";

/** A statement of the standard that a trace can bear out or contradict. */
export interface Rule {
  readonly id: string;
  readonly party: Party;
  /** What has to hold, in one sentence. */
  readonly says: string;
  readonly sections: Sections;
  /** Looks at one vehicle's talk, from its beginning to its end. Pure. */
  check(talk: Talk, judge: Judge): void;
}

/** Where a checker says what it found. */
export interface Judge {
  /** The rule applied to this message, and it was looked at. */
  occasion(at: Heard): void;
  /** What the rule forbids was done. */
  violation(at: Heard, found: Finding): void;
  /** It cannot be told from this trace. */
  doubt(at: Heard, found: Finding): void;
}

export interface Finding {
  readonly expected: string;
  readonly found: string;
  /** Earlier lines that it rests on. */
  readonly because?: readonly number[];
}

export interface Evidence extends Finding {
  readonly vehicle: string;
  readonly line: number;
  readonly version: Version;
  readonly section: string;
}

type Kind = TraceMessage["kind"];
export type HeardOf<K extends Kind> = Heard & {
  readonly message: Extract<TraceMessage, { readonly kind: K }>;
};

/** The messages of one kind that could be read. */
export function* saidAs<K extends Kind>(talk: Talk, kind: K): Generator<HeardOf<K>> {
  for (const heard of talk.heard) if (isOf(heard, kind)) yield heard;
}

export function isOf<K extends Kind>(heard: Heard, kind: K): heard is HeardOf<K> {
  return heard.message?.kind === kind;
}
