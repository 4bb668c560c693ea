import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Protocol } from "@baton/fleet-adapter/vda5050";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** Where the published schemas of the standards are, when somebody has put them beside the repository. */
const REFERENCE = process.env.BATON_REFERENCE_DIR;
const FOLDER =
  REFERENCE === undefined
    ? new URL("../../../shared/reference/vda5050/", import.meta.url)
    : new URL("vda5050/", pathToFileURL(`${REFERENCE}/`));
const VERSION_FOLDERS = { "2.0": "2.0.0", "2.1": "2.1.0", "3.0": "3.0" } as const;

/** Whether the official schemas are there; what needs them is skipped when they are not. */
export const HAVE_SCHEMAS = existsSync(new URL("2.1.0/", FOLDER));
if (!HAVE_SCHEMAS) console.warn(`skipped: the official VDA 5050 schemas are not at ${FOLDER.pathname}`);

export type MessageKind =
  | "connection"
  | "factsheet"
  | "instantActions"
  | "order"
  | "responses"
  | "state"
  | "visualization"
  | "zoneSet";

/** The schema of one message as it was published, draft 2020-12 as all of them declare. */
export function official(protocol: Protocol, kind: MessageKind): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const file = new URL(`${VERSION_FOLDERS[protocol]}/${kind}.schema.json`, FOLDER);
  return ajv.compile(JSON.parse(readFileSync(file, "utf8")));
}
