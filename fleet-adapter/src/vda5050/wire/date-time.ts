import { Format, IsDateTime } from "typebox/format";

/** What nearly every timestamp looks like: in UTC, on a day that each month has. */
const PLAIN = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/**
 * The format `date-time` (RFC 3339) of all schemas, as TypeBox has it, with a way that is ten times as short for plain ones:
 * each message of each vehicle carries one.
 */
export function isDateTime(text: string): boolean {
  return PLAIN.test(text) || IsDateTime(text);
}

Format.Set("date-time", isDateTime);
