import type { Step } from "../contract/index.ts";

/** What one step of a mission is in the words of the standards that customers and carriers use. */
export interface Milestone {
  /** EPCIS 2.0: the kind of event. `AssociationEvent` binds the container to the vehicle, or ends that. */
  readonly epcis: "ObjectEvent" | "AssociationEvent";
  readonly action: "OBSERVE" | "ADD" | "DELETE";
  /** A business step of the GS1 Core Business Vocabulary 2.0 (`BizStep` in GS1's ontology, github.com/gs1/EPCIS). */
  readonly bizStep: string;
  /** A disposition of the same (`Disp`). */
  readonly disposition?: string;
  /** The event code of DCSA Track & Trace 2.2 (equipment events) or 3.0 (customs events) that comes nearest. */
  readonly dcsa?: string;
}

const seen = (bizStep: string, more: Pick<Milestone, "disposition" | "dcsa"> = {}): Milestone => ({
  epcis: "ObjectEvent",
  action: "OBSERVE",
  bizStep,
  ...more,
});

/** The steps that are of interest outside; the others are this side's own business and are told to nobody in these words. */
export const MILESTONES: Partial<Readonly<Record<Step, Milestone>>> = {
  "admit-truck": seen("arriving", { disposition: "in_progress", dcsa: "GTIN" }),
  load: { epcis: "AssociationEvent", action: "ADD", bizStep: "loading", dcsa: "LOAD" },
  "arm-seal": seen("staging_outbound", { disposition: "in_progress", dcsa: "RSEA" }),
  identify: seen("entering_exiting", { disposition: "in_progress" }),
  weigh: seen("inspecting", { disposition: "in_progress" }),
  scan: seen("inspecting", { disposition: "in_progress", dcsa: "CUSS" }),
  inspection: seen("inspecting", { disposition: "in_progress", dcsa: "INSP" }),
  decision: seen("inspecting", { disposition: "conformant", dcsa: "CUSR" }),
  "guard-exit": seen("departing", { disposition: "in_transit", dcsa: "GTOT" }),
  cross: seen("transporting", { disposition: "in_transit", dcsa: "CROS" }),
  accept: seen("receiving", { disposition: "in_progress" }),
  "guard-entry": seen("arriving", { disposition: "in_progress", dcsa: "GTIN" }),
  unload: { epcis: "AssociationEvent", action: "DELETE", bizStep: "unloading", dcsa: "DISC" },
};
