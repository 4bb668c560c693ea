/**
 * QoS 0 is not delivery (VDA 5050 2.1 section 6.2): a message is repeated until the vehicle's state reflects
 * it. A vehicle ignores an order that it has already (6.6.4.3), so repeating does no harm.
 */
export interface Delivery {
  /** Times sent since the vehicle could last be heard to hear us. */
  readonly sends: number;
  /** When to send it again. */
  readonly dueMs: number;
  /** Whether a person was told that it does not arrive. */
  readonly reported: boolean;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;
/** Sent this often without effect (23 s), it is a case for a person. */
const SENDS_BEFORE_REPORT = 5;

/** A message not sent yet, due at once. */
export function unsent(nowMs: number): Delivery {
  return { sends: 0, dueMs: nowMs, reported: false };
}

export function isDue(delivery: Delivery, nowMs: number): boolean {
  return nowMs >= delivery.dueMs;
}

export function sentAt(delivery: Delivery, nowMs: number): Delivery {
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** delivery.sends);
  return { ...delivery, sends: delivery.sends + 1, dueMs: nowMs + waitMs };
}

/** After the link or the vehicle came back: at once, and with the short waits again. */
export function afresh(delivery: Delivery, nowMs: number): Delivery {
  return { ...delivery, sends: 0, dueMs: nowMs };
}

export function isOverdue(delivery: Delivery): boolean {
  return !delivery.reported && delivery.sends >= SENDS_BEFORE_REPORT;
}

/** Whether a person knows of a message that does not arrive. */
export function anyReported(deliveries: readonly (Delivery | undefined)[]): boolean {
  return deliveries.some((delivery) => delivery?.reported === true);
}

export function markReported(delivery: Delivery): Delivery {
  return { ...delivery, reported: true };
}
