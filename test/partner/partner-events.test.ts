import Type from "typebox";
import { Compile } from "typebox/compile";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { messageDescription } from "../../orchestrator/src/api/message-description.ts";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import { signRequest } from "../../orchestrator/src/handoff/signatures.ts";
import { MAX_ATTEMPTS } from "../../orchestrator/src/partner/webhook.ts";
import { type OneSide, oneSide, START_MS } from "./one-side.ts";
import { heldMission, offer } from "./partner-words.ts";

/** A busy machine is no failure. */
const WAIT = { timeout: 15_000 };

let side: OneSide;
beforeEach(async () => {
  side = await oneSide(inject("redisUrl"));
});
afterEach(() => side.end());

async function logged(count: number): Promise<{ sequence: string; type: string; data: object }[]> {
  return vi.waitFor(async () => {
    const { said } = await side.ask("GET", "/events");
    expect(said).toHaveLength(count);
    return said as { sequence: string; type: string; data: object }[];
  }, WAIT);
}

describe("events", () => {
  it("are in the log once, in order and without a gap, however often they are told", async () => {
    await offer(side, "h-1");
    side.service.accept("h-1" as HandoffId);
    side.room.missionChanged(heldMission);
    side.room.missionChanged(heldMission);
    const events = await logged(2);
    expect(events.map(({ type }) => type).sort()).toEqual([
      "baton.handoff.offered.v1",
      "baton.mission.step.v1",
    ]);
    expect(events.map(({ sequence }) => Number(sequence))).toEqual([1, 2]);
    side = await side.restart();
    side.room.missionChanged(heldMission);
    side.room.missionChanged({
      ...heldMission,
      timeline: [...heldMission.timeline, { step: "scan", atMs: START_MS }],
    });
    expect((await logged(3)).map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3]);
    expect((await side.ask("GET", "/events?since=2")).said).toMatchObject([{ data: { step: "scan" } }]);
  });

  it("come as a stream that goes on where it was left", async () => {
    await side.app.listen({ port: 0, host: "127.0.0.1" });
    const address = side.app.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const url = new URL(`http://127.0.0.1:${address.port}/partner/v1/events?since=0`);
    const open = async (lastEventId: string) => {
      const headers = signRequest(
        { method: "GET", url, body: Buffer.alloc(0), nowMs: side.clock.nowMs(), nonce: crypto.randomUUID() },
        side.partner.own,
      );
      const stop = new AbortController();
      const answer = await fetch(url, {
        headers: { ...headers, accept: "text/event-stream", "last-event-id": lastEventId },
        signal: stop.signal,
      });
      expect(answer.headers.get("content-type")).toBe("text/event-stream");
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      const until = async (mark: string): Promise<string> => {
        while (!text.includes(mark)) {
          const chunk = await reader?.read();
          if (chunk === undefined || chunk.done) throw new Error(`the stream ended before ${mark}`);
          text += chunk.value;
        }
        return text;
      };
      return { until, stop: () => stop.abort() };
    };
    const first = await open("0");
    side.room.missionChanged(heldMission);
    expect(await first.until("id: 1\n")).toContain('"containerNo":"CSQU3054383"');
    await offer(side, "h-1");
    await first.until("id: 2\n");
    first.stop();
    const second = await open("1");
    const text = await second.until("id: 2\n");
    expect(text).not.toContain("id: 1\n");
    second.stop();
  });

  it("are EPCIS events where they are of interest to a customer", async () => {
    side.room.missionChanged({
      ...heldMission,
      timeline: [
        { step: "load", atMs: START_MS },
        { step: "scan", atMs: START_MS + 1 },
        { step: "drive-to-buffer", atMs: START_MS + 2 },
      ],
    });
    await logged(3);
    const { said, headers } = await side.ask("GET", "/epcis/events");
    expect(said).toMatchObject({
      type: "EPCISDocument",
      epcisBody: {
        eventList: [
          {
            type: "AssociationEvent",
            action: "ADD",
            bizStep: "loading",
            parentID: "urn:baton:vehicle:sim.vn-01",
          },
          { type: "ObjectEvent", bizStep: "inspecting", epcList: ["urn:epc:id:bic:CSQU3054383"] },
        ],
      },
    });
    expect(headers["baton-last-sequence"]).toBe("3");
  });
});

describe("a webhook", () => {
  const taken: { type: string; id: string }[] = [];
  const { components } = messageDescription();
  const described = Compile(
    Type.Unsafe<{ type: string; id: string }>(components.messages.partnerEvent?.payload ?? Type.Never()),
  );
  const answer = (status: number) => ({
    ok: status < 300,
    status,
    headers: { get: () => null },
    text: async () => "",
  });
  const put = () =>
    side.ask("PUT", "/webhooks/w-1", { url: "http://partner.example/hook", types: [], since: 0 });
  beforeEach(() => {
    taken.length = 0;
  });
  const takes = (isUp: () => boolean): void => {
    side.fetch = async (url, { body, headers }) => {
      if (!url.endsWith("/hook")) throw new Error("refused");
      expect(headers["content-type"]).toBe("application/cloudevents+json");
      expect(headers.signature).toBeDefined();
      if (!isUp()) return answer(503);
      const event: unknown = JSON.parse(Buffer.from(body).toString());
      expect(described.Errors(event)).toEqual([]);
      if (described.Check(event)) taken.push(event);
      return answer(204);
    };
  };

  it("is brought every event, signed, in order, and again where it was when the process is another one", async () => {
    takes(() => true);
    await put();
    side.room.missionChanged(heldMission);
    await vi.waitFor(() => expect(taken).toHaveLength(1), WAIT);
    // Taken by the partner and written down: a process that dies between the two brings it again.
    await vi.waitFor(
      async () => expect((await side.ask("GET", "/webhooks")).said).toMatchObject([{ cursor: 1 }]),
      WAIT,
    );
    side = await side.restart();
    takes(() => true);
    await offer(side, "h-1");
    await vi.waitFor(
      () =>
        expect(taken.map(({ type }) => type)).toEqual(["baton.mission.step.v1", "baton.handoff.offered.v1"]),
      WAIT,
    );
  });

  it("that is down is tried again with pauses; what was given up is a dead letter, and can be delivered again", async () => {
    let isUp = false;
    let attempts = 0;
    takes(() => {
      attempts++;
      return isUp;
    });
    await put();
    side.room.missionChanged(heldMission);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      await vi.waitFor(() => {
        side.clock.advance(1_000);
        expect(attempts).toBeGreaterThanOrEqual(attempt);
      }, WAIT);
      side.clock.advance(120_000);
    }
    await vi.waitFor(async () => {
      expect((await side.ask("GET", "/webhooks/w-1/dead-letters")).said).toMatchObject([
        { sequence: 1, type: "baton.mission.step.v1", failure: "status 503" },
      ]);
    }, WAIT);
    expect(attempts).toBe(MAX_ATTEMPTS);
    expect(await side.room.deliveries.list()).toMatchObject([
      { webhook: { webhookId: "w-1" }, behind: 0, deadLetters: [{ sequence: 1, failure: "status 503" }] },
    ]);
    expect(await side.room.deliveries.redeliver("w-1", undefined), "it is still down").toBe(0);
    expect(await side.room.deliveries.redeliver("w-9", undefined)).toBeUndefined();
    isUp = true;
    expect((await side.ask("POST", "/webhooks/w-1/redeliver", {})).said).toEqual({ taken: 1 });
    expect(taken).toHaveLength(1);
    expect((await side.ask("GET", "/webhooks/w-1/dead-letters")).said).toEqual([]);
  });

  it("cannot lead to a host that is not the partner's", async () => {
    expect(
      await side.ask("PUT", "/webhooks/w-1", { url: "http://169.254.169.254/x", types: [] }),
    ).toMatchObject({
      status: 422,
      said: { code: "invalid-message" },
    });
  });
});
