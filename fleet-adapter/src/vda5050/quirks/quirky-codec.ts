import type { Codec } from "../codec/codec.ts";
import { isObject, type JsonObject } from "./json-parts.ts";
import { QUIRKS, type Quirk } from "./quirks.ts";
import type { Vendor } from "./vendor.ts";

/** A codec for vehicles with quirks: what they say is mended before it is checked, what they are told is fitted to them. */
export function quirkyCodec(codec: Codec, vendor: Vendor): Codec {
  if (vendor.quirks.length === 0) return codec;
  const quirks: readonly Quirk[] = vendor.quirks.map((name) => QUIRKS[name]);
  const mended = (message: unknown, mend: (quirk: Quirk, message: JsonObject) => JsonObject): unknown =>
    isObject(message) ? quirks.reduce((mending, quirk) => mend(quirk, mending), message) : message;
  const fitted = (message: object, fit: (quirk: Quirk, message: JsonObject) => JsonObject): object =>
    quirks.reduce((fitting: JsonObject, quirk) => fit(quirk, fitting), { ...message });
  return {
    ...codec,
    readState: (message) =>
      codec.readState(mended(message, (quirk, state) => quirk.readState?.(state) ?? state)),
    readFactsheet: (message) =>
      codec.readFactsheet(mended(message, (quirk, sheet) => quirk.readFactsheet?.(sheet, vendor) ?? sheet)),
    writeOrder: (order) =>
      fitted(codec.writeOrder(order), (quirk, body) => quirk.writeOrder?.(body, vendor) ?? body),
    writeInstantActions: (actions) =>
      fitted(
        codec.writeInstantActions(actions),
        (quirk, body) => quirk.writeInstantActions?.(body, vendor) ?? body,
      ),
  };
}

/** The codec of each vehicle, made once for each version of each vendor. */
export function codecsOfVendors(
  vendorOf: (vehicle: { readonly manufacturer: string; readonly serialNumber: string }) => Vendor | undefined,
): (codec: Codec, vehicle: { readonly manufacturer: string; readonly serialNumber: string }) => Codec {
  const made = new Map<Vendor, Map<Codec, Codec>>();
  return (codec, vehicle) => {
    const vendor = vendorOf(vehicle);
    if (vendor === undefined) return codec;
    const ofVendor = made.get(vendor) ?? new Map<Codec, Codec>();
    made.set(vendor, ofVendor);
    const known = ofVendor.get(codec);
    if (known !== undefined) return known;
    const quirky = quirkyCodec(codec, vendor);
    ofVendor.set(codec, quirky);
    return quirky;
  };
}
