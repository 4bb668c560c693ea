import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listSites, siteDirectory } from "@baton/maps/files";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

/** Where the published schemas of the standards are, when somebody has put them beside the repository. */
const REFERENCE =
  process.env.BATON_REFERENCE_DIR ?? fileURLToPath(new URL("../../../shared/reference/", import.meta.url));
const SCHEMA = join(REFERENCE, "lif", "lif-1.0.schema.json");

describe("LIF files against the schema that VDMA publishes", () => {
  it("are valid LIF 1.0, every site and side", async (context) => {
    if (!existsSync(SCHEMA)) {
      return context.skip(
        `the LIF 1.0 schema is not at ${SCHEMA}; set BATON_REFERENCE_DIR to check against it`,
      );
    }
    const schema: object = JSON.parse(readFileSync(SCHEMA, "utf8"));
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    const sites = await listSites();
    expect(sites).toEqual(["1088-1089", "1119-1120", "mini"]);
    for (const site of sites) {
      for (const side of ["vn", "cn"]) {
        const lif: unknown = JSON.parse(readFileSync(join(siteDirectory(site), `${side}.lif.json`), "utf8"));
        validate(lif);
        expect(validate.errors, `${site} ${side}`).toBeNull();
      }
    }
  });
});
