import type { LinkMessage, OpenLink } from "../link/link.ts";
import type { TraceLine } from "./trace-line.ts";

/**
 * Links that take down whatever is published over them, as a recorder at the broker would that sees every flag: for runs
 * in memory. A last will is the broker's doing and is not seen here.
 */
export function tracingLinks(
  openLink: OpenLink,
  nowMs: () => number,
  take: (line: TraceLine) => void,
): OpenLink {
  const note = (topic: string, message: LinkMessage, qos: number, retain: boolean): void =>
    take({ time: new Date(nowMs()).toISOString(), topic, qos, retain, payload: message });
  return (options) => {
    const link = openLink(options);
    return {
      whenOpen: link.whenOpen,
      publish: (topic, message, flags = {}) => {
        note(topic, message, flags.qos ?? 0, flags.retain ?? false);
        link.publish(topic, message, flags);
      },
      end: async (farewell) => {
        if (farewell !== undefined) note(farewell.topic, farewell.message, 1, true);
        await link.end(farewell);
      },
    };
  };
}
