import { type Ledger, LedgerUnreachable } from "../../orchestrator/src/reservation/ledger/ledger.ts";
import { createModelLedger } from "../../orchestrator/src/reservation/ledger/model.ts";
import {
  createOrderWriter,
  type OrderWriter,
  type OrderWriterOptions,
} from "../../orchestrator/src/reservation/orders.ts";
import { createReservation } from "../../orchestrator/src/reservation/service.ts";
import type {
  ReservationOptions,
  ReservationService,
} from "../../orchestrator/src/reservation/service-port.ts";

/** What is tried: the product as it is, or a copy of it with a fault. */
export interface CoreUnderTest {
  createReservation(options: ReservationOptions): ReservationService;
  createOrderWriter(options: OrderWriterOptions): OrderWriter;
  createLedger(): Ledger;
  readonly LedgerUnreachable: new (message: string) => Error;
}

export const PRODUCT: CoreUnderTest = {
  createReservation,
  createOrderWriter,
  createLedger: createModelLedger,
  LedgerUnreachable,
};
