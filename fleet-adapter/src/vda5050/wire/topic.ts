import { DEFAULT_INTERFACE_NAME, TOPIC_VERSION } from "./version.ts";

/** Topics of VDA 5050 2.1, section 6.5; their levels, section 6.3. `order` and `instantActions` go to the vehicle, the others come from it. */
export const SUBTOPICS = [
  "connection",
  "state",
  "order",
  "instantActions",
  "factsheet",
  "visualization",
] as const;
export type Subtopic = (typeof SUBTOPICS)[number];

/** A vehicle as the protocol names it. */
export interface VehicleAddress {
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/** `uagv/v2/<manufacturer>/<serialNumber>/<subtopic>`. */
export function topicOf(
  vehicle: VehicleAddress,
  subtopic: Subtopic,
  interfaceName: string = DEFAULT_INTERFACE_NAME,
): string {
  return `${interfaceName}/${TOPIC_VERSION}/${vehicle.manufacturer}/${vehicle.serialNumber}/${subtopic}`;
}

/** The subscription that takes one subtopic of every vehicle. */
export function topicFilter(subtopic: Subtopic, interfaceName: string = DEFAULT_INTERFACE_NAME): string {
  return `${interfaceName}/${TOPIC_VERSION}/+/+/${subtopic}`;
}

export interface ParsedTopic extends VehicleAddress {
  readonly interfaceName: string;
  readonly subtopic: Subtopic;
}

/** Undefined for a topic of another protocol or version. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const parts = topic.split("/");
  const [interfaceName, version, manufacturer, serialNumber, last] = parts;
  const subtopic = SUBTOPICS.find((name) => name === last);
  if (parts.length !== 5 || version !== TOPIC_VERSION || subtopic === undefined) return undefined;
  if (interfaceName === undefined || manufacturer === undefined || serialNumber === undefined)
    return undefined;
  if (interfaceName === "" || !isAddressPart(manufacturer) || !isAddressPart(serialNumber)) return undefined;
  return { interfaceName, manufacturer, serialNumber, subtopic };
}

/** Characters of section 6.3 for names in a topic, and a bound on their length. */
function isAddressPart(part: string): boolean {
  return part.length <= 64 && /^[A-Za-z0-9_.:-]+$/.test(part);
}

/** `<manufacturer>.<serialNumber>`: how a vehicle is named inside Baton. */
export function vehicleNameOf(vehicle: VehicleAddress): string {
  return `${vehicle.manufacturer}.${vehicle.serialNumber}`;
}

/** The reverse of `vehicleNameOf`; a manufacturer has no dot in its name, a serial number may. */
export function vehicleAddressOf(vehicleName: string): VehicleAddress | undefined {
  const dot = vehicleName.indexOf(".");
  if (dot <= 0 || dot === vehicleName.length - 1) return undefined;
  return { manufacturer: vehicleName.slice(0, dot), serialNumber: vehicleName.slice(dot + 1) };
}
