import type { VehicleAddress } from "../../names.ts";
import { DEFAULT_INTERFACE_NAMES, TOPIC_VERSIONS, type TopicVersion } from "./version.ts";

/**
 * Topics of VDA 5050 2.1 section 6.5 and 3.0 section 4.3; their levels, sections 6.3 and 4.2. `order`,
 * `instantActions`, and of 3.0 `zoneSet` and `responses`, go to the vehicle, the others come from it.
 */
const SUBTOPICS = [
  "connection",
  "state",
  "order",
  "instantActions",
  "factsheet",
  "visualization",
  "zoneSet",
  "responses",
] as const;
export type Subtopic = (typeof SUBTOPICS)[number];

/** `<interface>/<v2 or v3>/<manufacturer>/<serialNumber>/<subtopic>`; 2.x unless said otherwise. */
export function topicOf(
  vehicle: VehicleAddress,
  subtopic: Subtopic,
  version: TopicVersion = "v2",
  interfaceName: string = DEFAULT_INTERFACE_NAMES[version],
): string {
  return `${interfaceName}/${version}/${vehicle.manufacturer}/${vehicle.serialNumber}/${subtopic}`;
}

/** The subscription that takes one subtopic of every vehicle of a major version. */
export function topicFilter(
  subtopic: Subtopic,
  version: TopicVersion = "v2",
  interfaceName: string = DEFAULT_INTERFACE_NAMES[version],
): string {
  return `${interfaceName}/${version}/+/+/${subtopic}`;
}

export interface ParsedTopic extends VehicleAddress {
  readonly interfaceName: string;
  readonly topicVersion: TopicVersion;
  readonly subtopic: Subtopic;
}

/** Undefined for a topic of another protocol or version. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  const parts = topic.split("/");
  const [interfaceName, version, manufacturer, serialNumber, last] = parts;
  const subtopic = SUBTOPICS.find((name) => name === last);
  const topicVersion = TOPIC_VERSIONS.find((name) => name === version);
  if (parts.length !== 5 || topicVersion === undefined || subtopic === undefined) return undefined;
  if (interfaceName === undefined || manufacturer === undefined || serialNumber === undefined)
    return undefined;
  if (interfaceName === "" || !isAddressPart(manufacturer) || !isAddressPart(serialNumber)) return undefined;
  return { interfaceName, topicVersion, manufacturer, serialNumber, subtopic };
}

/** Characters of section 6.3 for names in a topic, and a bound on their length. */
function isAddressPart(part: string): boolean {
  return part.length <= 64 && /^[A-Za-z0-9_.:-]+$/.test(part);
}
