/** The version of VDA 5050 in the header of 2.1 messages. */
export const VDA5050_VERSION = "2.1.0";

/** Major versions as they stand in a topic (2.1 section 6.3, 3.0 section 4.2). */
export const TOPIC_VERSIONS = ["v2", "v3"] as const;
export type TopicVersion = (typeof TOPIC_VERSIONS)[number];

/** Interface names of a topic unless a deployment says otherwise: those of the standard's examples. */
export const DEFAULT_INTERFACE_NAMES = { v2: "uagv", v3: "vda5050" } as const satisfies Record<
  TopicVersion,
  string
>;
