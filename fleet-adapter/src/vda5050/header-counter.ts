import type { VehicleAddress } from "../names.ts";
import type { Clock } from "../time.ts";
import type { Codec } from "./codec/codec.ts";
import type { OrderBody } from "./model/order.ts";
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

/** How long an order is on the wire, UTF-8 bytes, with a header that is as long as headers get. */
export function orderBytes(
  codec: Codec,
  { manufacturer, serialNumber }: VehicleAddress,
  body: OrderBody,
): number {
  const header: Header = {
    headerId: 2 ** 32 - 1,
    timestamp: timestampOf(0),
    version: codec.version,
    manufacturer,
    serialNumber,
  };
  return Buffer.byteLength(JSON.stringify({ ...header, ...codec.writeOrder(body) }));
}
