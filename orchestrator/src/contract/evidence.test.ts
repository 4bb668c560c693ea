import fastify from "fastify";
import { expect, it } from "vitest";
import { MissionView, type TimelineEntry } from "./views/mission.ts";

const timeline: readonly TimelineEntry[] = [
  { step: "arm-seal", atMs: 1, evidence: "seal SEAL-1" },
  { step: "identify", atMs: 2, evidence: "p-1", evidenceParts: { code: "picture", reference: "p-1" } },
  {
    step: "weigh",
    atMs: 3,
    evidence: "31240 kg, declared 31000 kg",
    evidenceParts: { code: "weighed", grossKg: 31_240, declaredKg: 31_000 },
  },
  {
    step: "inspection",
    atMs: 4,
    evidence: "released by mai and lan",
    evidenceParts: { code: "inspected", officers: ["mai", "lan"] },
  },
  {
    step: "guard-exit",
    atMs: 5,
    evidence: "seal-broken accepted by an",
    evidenceParts: { code: "accepted", mismatch: "seal-broken", account: "an" },
  },
  { step: "drive-to-hold", atMs: 6 },
];

it("evidence is answered by the API in all its parts, and as text alone where it was recorded so", async () => {
  const app = fastify();
  app.get("/", { schema: { response: { 200: MissionView } } }, async () => ({
    ...{ missionId: "m-1", orderId: "o-1", side: "vn", direction: "export", bound: "outbound" },
    ...{ step: "handoff", stepSinceMs: 6, status: "running", steps: ["handoff"], timeline },
  }));
  expect((await app.inject({ url: "/" })).json().timeline).toEqual(timeline);
});
