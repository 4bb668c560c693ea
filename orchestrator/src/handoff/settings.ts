/** Times of the hand-off room, in milliseconds of its clock. None of them decides who holds a vehicle. */
export interface HandoffSettings {
  /** How often the room looks at its deadlines. */
  readonly tickMs: number;
  /** A step without answer is said again after this long, then after twice as long, up to `repeatMaxMs`. */
  readonly repeatMs: number;
  readonly repeatMaxMs: number;
  /** Pauses between attempts to reach the partner. */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  /** The partner is asked for a sign of life when it has answered nothing for this long. */
  readonly heartbeatMs: number;
  /** A partner that was not reached for this long is called silent. */
  readonly silentAfterMs: number;
  /** A vehicle that is heard for this long after `go` with its register unchanged is brought to a person. */
  readonly witnessAfterMs: number;
  /** A transfer device that is heard for this long while a container of ours is under it. */
  readonly transferAfterMs: number;
  /** How long ground of ours that is granted to a foreign vehicle may be entered. */
  readonly leaseMs: number;
  /** How far the partner's clock may be from ours: twice the skew that is an alarm. */
  readonly clockMarginMs: number;
  /** One that is not heard at all meanwhile, after this long. A vehicle reports every 30 s at least (VDA 5050 2.1, 6.10). */
  readonly unheardAfterMs: number;
  /** A hand-off that is over is forgotten after this long; its custody record never is. */
  readonly retentionMs: number;
  /** At a start, hand-offs that ended within this time are announced again too. */
  readonly announceClosedMs: number;
}

export const HANDOFF_SETTINGS: HandoffSettings = {
  tickMs: 1_000,
  repeatMs: 10_000,
  repeatMaxMs: 60_000,
  retryFirstMs: 500,
  retryMaxMs: 30_000,
  heartbeatMs: 10_000,
  silentAfterMs: 30_000,
  witnessAfterMs: 20_000,
  transferAfterMs: 600_000,
  leaseMs: 30_000,
  clockMarginMs: 4_000,
  unheardAfterMs: 60_000,
  retentionMs: 24 * 3_600_000,
  announceClosedMs: 3_600_000,
};
