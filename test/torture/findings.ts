/** What a trial must never show. */
export type FindingKind =
  /** Two bodies overlap; or came nearer than the margin allows. */
  | "collision"
  | "near-miss"
  /** A body is on ground of which its vehicle holds nothing in the ledger. */
  | "off-its-ground"
  /** Two vehicles were granted things whose ground overlaps. */
  | "overlapping-grants"
  /** The stream grants a block that is another's, or releases one for who does not hold it. */
  | "stream-contradicts-itself"
  /** A vehicle was told of an edge that the ledger has not granted to it. */
  | "told-without-grant"
  /** Ground ahead of a vehicle, which it was told to drive on, was taken from it. */
  | "ground-taken-ahead"
  /** An order took back what it had released, or began where the vehicle is not. */
  | "order-broken"
  /** Ground became free although nothing was heard of the vehicle. */
  | "released-in-silence"
  /** The ledger took a commit from a leader that had been replaced. */
  | "stale-leader-accepted"
  /** Closed ground was granted anew. */
  | "granted-while-closed"
  /** Nobody moves although someone wants to, and nothing stops them; or the same for a few while others go. */
  | "deadlock"
  | "restricted-deadlock"
  /** Others overtake a leg without end. */
  | "starvation"
  | "mission-without-end"
  /** The zone found itself wrong, or the ledger refused it: it stands still for good. */
  | "halted"
  /** An answer of the port that cannot be. */
  | "port-broken";

export interface Finding {
  readonly kind: FindingKind;
  readonly tick: number;
  readonly vehicleId: string | undefined;
  readonly detail: string;
}

/** Ends a trial at its first finding. */
export class Found extends Error {
  readonly finding: Finding;
  constructor(finding: Finding) {
    super(`${finding.kind} in tick ${finding.tick}: ${finding.vehicleId ?? ""} ${finding.detail}`);
    this.finding = finding;
  }
}
