/** The version of VDA 5050 that these messages follow; stands in the header of each. */
export const VDA5050_VERSION = "2.1.0";

/** The major version as it stands in a topic (section 6.3: `v2`). */
export const TOPIC_VERSION = "v2";

/** The interface name of a topic unless a deployment says otherwise (section 6.3). */
export const DEFAULT_INTERFACE_NAME = "uagv";
