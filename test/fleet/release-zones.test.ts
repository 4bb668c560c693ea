import { mqttLinks, type ZoneSet } from "@baton/fleet-adapter";
import { checkResponses, type Responses, type State } from "@baton/fleet-adapter/vda5050/v3_0";
import { startBroker } from "@baton/sim";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { IDLE } from "../../fleet-adapter/src/vda5050/codec/idle-state-fixture.ts";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import type { TestBroker } from "./brokers.ts";
import { openWholeSides, type WholeSides } from "./whole-sides.ts";

/**
 * A `RELEASE` zone of a site (VDA 5050 3.0 section 6.4.3) in a whole side. Who is let in when is tested where vehicles drive:
 * `sim/src/vehicle/zones`, `test/fast-time/release-zones.test.ts`.
 */

const WAIT = { timeout: 60_000, interval: 50 };
const SPEED = 8;

let brokers: { readonly vn: TestBroker; readonly cn: TestBroker };
let sides: WholeSides;
let edgeId: string;

type Request = NonNullable<State["zoneRequests"]>[number];

/** A vehicle of 3.0 that stands beside a zone and asks for it; all that it says is said by hand. */
class Asking {
  readonly heard: Responses["responses"][number][] = [];
  readonly zoneSets: string[] = [];
  readonly #link: ReturnType<ReturnType<typeof mqttLinks>>;
  readonly #serialNumber: string;
  #count = 0;

  constructor(serialNumber: string) {
    this.#serialNumber = serialNumber;
    this.#link = mqttLinks({ url: brokers.vn.url })({
      clientId: `asking-${serialNumber}`,
      subscriptions: [this.#topic("responses"), this.#topic("zoneSet")],
      onOpen: (link) => {
        link.publish(this.#topic("connection"), { ...this.#header(), connectionState: "ONLINE" }, { qos: 1 });
        link.publish(this.#topic("factsheet"), { ...this.#header(), ...FACTSHEET });
      },
      onMessage: (topic, payload) => {
        const json = payload.json();
        if (topic.endsWith("/zoneSet")) this.zoneSets.push(topic);
        const checked = checkResponses(json.ok ? json.value : undefined);
        if (checked.ok) this.heard.push(...checked.value.responses);
      },
      onTrouble: () => undefined,
    });
  }

  /** Says which requests it has, until it is answered as expected. */
  async told(zoneRequests: readonly Request[], grantType: string): Promise<void> {
    this.heard.length = 0;
    await this.answered(zoneRequests, grantType);
  }

  /** The same, and what it heard before is not forgotten. */
  async answered(zoneRequests: readonly Request[], grantType: string): Promise<void> {
    await vi.waitFor(() => {
      this.report(zoneRequests);
      expect(this.heard.map((one) => one.grantType)).toContain(grantType);
    }, WAIT);
  }

  report(zoneRequests: readonly Request[]): void {
    const state: State = { ...IDLE, ...this.#header(), zoneRequests: [...zoneRequests] };
    this.#link.publish(this.#topic("state"), state);
  }

  end(): Promise<void> {
    return this.#link.end();
  }

  #topic(leaf: string): string {
    return `vda5050/v3/acme/${this.#serialNumber}/${leaf}`;
  }

  #header() {
    this.#count += 1;
    return {
      headerId: this.#count,
      timestamp: new Date(sides.clock.nowMs()).toISOString(),
      version: "3.0.0",
      manufacturer: "acme",
      serialNumber: this.#serialNumber,
    };
  }
}

const FACTSHEET = {
  typeSpecification: {
    seriesName: "free",
    mobileRobotKinematics: "OMNIDIRECTIONAL",
    mobileRobotClass: "CARRIER",
    maximumLoadMass: 1,
    localizationTypes: [],
    navigationTypes: [],
    supportedZones: ["RELEASE"],
  },
  physicalParameters: {
    minimumSpeed: 0,
    maximumSpeed: 1,
    maximumAcceleration: 1,
    maximumDeceleration: 1,
    minimumHeight: 1,
    maximumHeight: 1,
    width: 1,
    length: 1,
  },
  protocolLimits: {
    maximumStringLengths: {},
    maximumArrayLengths: {},
    timing: { minimumOrderInterval: 0, minimumStateInterval: 0 },
  },
  protocolFeatures: { optionalParameters: [], mobileRobotActions: [] },
  mobileRobotGeometry: {},
  loadSpecification: {},
};

beforeAll(async () => {
  brokers = {
    vn: await startBroker({ port: await freePort() }),
    cn: await startBroker({ port: await freePort() }),
  };
  const zones = (edge: string): ZoneSet[] => [
    {
      zoneSetId: "yard-1",
      mapId: "mini.vn",
      zones: [
        {
          kind: "RELEASE",
          zoneId: "crossing",
          onLoss: "STOP",
          vertices: [
            { xM: 0, yM: 0 },
            { xM: 10, yM: 0 },
            { xM: 10, yM: 10 },
          ],
          edgeIds: [edge],
        },
      ],
    },
  ];
  sides = await openWholeSides({
    brokerUrl: { vn: brokers.vn.url, cn: brokers.cn.url },
    vendors: [],
    zonesOf: (site) => {
      edgeId = site.lif.vn.layouts[0]?.edges[0]?.edgeId ?? "";
      return zones(edgeId);
    },
    speed: SPEED,
  });
}, 120_000);

afterAll(async () => {
  await sides?.stop();
  await brokers?.vn.stop();
  await brokers?.cn.stop();
});

const request = (requestId: string, requestStatus: Request["requestStatus"]): Request => ({
  requestId,
  requestType: "ACCESS",
  zoneId: "crossing",
  zoneSetId: "yard-1",
  requestStatus,
});

it("takes the grant back where the API closes its ground, and is held until the vehicle itself shows that it is out", async () => {
  const [first, second] = [new Asking("a"), new Asking("b")];
  await first.told([request("a1", "REQUESTED")], "GRANTED");
  await vi.waitFor(() => expect(first.zoneSets.length).toBeGreaterThan(0), WAIT);
  await second.told([request("b1", "REQUESTED")], "QUEUED");

  const closed = await sides.post("vn", "/closures", {
    closureId: "works",
    edgeIds: [edgeId],
    reason: "works",
  });
  expect(closed.status).toBe(202);
  await first.told([request("a1", "GRANTED")], "REVOKED");
  expect((await sides.remove("vn", "/closures/works?reason=done")).status).toBe(202);
  await vi.waitFor(async () => expect(await sides.closures("vn")).toEqual([]), WAIT);
  second.heard.length = 0;
  second.report([request("b1", "QUEUED")]);
  // That each has been taken in shows by the answer to a request that can only be rejected.
  const nowhere: Request = { ...request("n1", "REQUESTED"), zoneId: "nowhere" };
  await first.answered([request("a1", "REVOKED"), nowhere], "REJECTED");
  await second.answered([request("b1", "QUEUED"), nowhere], "REJECTED");
  expect(second.heard.map(({ grantType }) => grantType)).not.toContain("GRANTED");
  first.report([]);
  await second.told([request("b1", "QUEUED")], "GRANTED");
  await first.end();
  await second.end();
}, 240_000);
