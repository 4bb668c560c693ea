import type { VehicleAddress } from "../names.ts";
import type { Clock } from "../time.ts";
import { type Header, timestampOf } from "./wire/index.ts";

/** Makes the headers of one topic to one vehicle (VDA 5050 2.1 section 6.4): the count goes up with each message sent. */
export function headerCounter(clock: Clock, address: VehicleAddress): (version: string) => Header {
  let headerId = 0;
  return (version) => {
    const header = {
      headerId,
      timestamp: timestampOf(clock.nowMs()),
      version,
      manufacturer: address.manufacturer,
      serialNumber: address.serialNumber,
    };
    // uint32
    headerId = (headerId + 1) % 2 ** 32;
    return header;
  };
}
