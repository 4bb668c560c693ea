import { type ControlRegister, uuidIds, type VehicleId, wallClock } from "@baton/fleet-adapter";
import { otherSide, type Side, type Site } from "@baton/maps";
import fastify from "fastify";
import { Redis } from "ioredis";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { describeApi } from "./api/reference.ts";
import { HandoffIdText, OfferBody } from "./handoff/core/messages.ts";
import { keyRingFrom } from "./handoff/key-set.ts";
import type { HandoffEvent, Offer } from "./handoff/port.ts";
import { createRedisHandoffStore } from "./handoff/redis-handoff-store.ts";
import { createHandoffs } from "./handoff/service.ts";
import type { HandoffService } from "./handoff/service-port.ts";
import { openPartner } from "./partner/open-partner.ts";
import { SHARE_ALL } from "./partner/sharing-policy.ts";
import { fieldsOf } from "./redis/hash.ts";
import { isToHost, ToyVisits, toyGround } from "./sandbox-visits.ts";

export interface SandboxInputs {
  readonly side: Side;
  readonly site: Site;
  readonly redisUrl: string;
  /** Under whose tag its keys are in Redis. */
  readonly zoneId: string;
  readonly port: number;
  /** Where the partner's own server is, when it has one yet; without it its messages wait in `GET /handoffs/{id}`. */
  readonly partnerUrl: string | undefined;
  readonly signingKey: unknown;
  readonly partnerKeys: unknown;
  /** Told of every change of a toy vehicle's register, as its broker would tell the partner. */
  readonly onRegister?: (vehicleId: string, register: ControlRegister) => void;
}

export interface Sandbox {
  readonly url: string;
  readonly handoffs: HandoffService;
  /** Gives a toy vehicle to the partner, once the partner says `go`. */
  offer(offer: Offer): void;
  register(vehicleId: string): ControlRegister;
  stop(): Promise<void>;
}

const registerCheck = Compile(
  Type.Object({
    authority: Type.Union([Type.Literal("vn"), Type.Literal("cn")]),
    epoch: Type.Integer({ minimum: 0 }),
    handoffId: Type.Optional(Type.String()),
  }),
);
const offerCheck = Compile(Type.Object({ handoffId: HandoffIdText, offer: OfferBody }));
/** How often a toy vehicle says where its register stands. */
const STATE_EVERY_MS = 500;
const NOBODY = "http://127.0.0.1:9";

/**
 * One side as a partner meets it, without gates, ground and vehicles: the hand-off room and the partner API as they ship,
 * on a real Redis, with a mission that is willing to everything and toy vehicles, which are nothing but their registers.
 * `PUT /sandbox/vehicles/{id}/register` is the toy vehicle's own word (in production the broker brings it), `GET` says where it
 * stands, and `POST /sandbox/offers` has this side give one away, or in `host-grants` visit the partner's ground and come back (`sandbox-visits.ts`).
 */
export async function startSandbox(inputs: SandboxInputs): Promise<Sandbox> {
  const { side, site, zoneId, onRegister } = inputs;
  const redis = new Redis(inputs.redisUrl, { enableOfflineQueue: true });
  const clock = wallClock({ speed: 1 });
  const ids = uuidIds();
  const ring = keyRingFrom(side, inputs.signingKey, inputs.partnerKeys);
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const registers = new Map<VehicleId, ControlRegister>();
  const registersKey = `baton:{${zoneId}}:sandbox:registers`;
  const registerOf = (vehicleId: VehicleId): ControlRegister =>
    registers.get(vehicleId) ?? { authority: side, epoch: 1 };
  const handoffs = createHandoffs({
    side,
    partnerSide: otherSide(side),
    partnerUrl: inputs.partnerUrl ?? NOBODY,
    keys: ring,
    store: createRedisHandoffStore({ redis, zoneId }),
    fleet: {
      instruct(vehicleId, instruction) {
        const now = registerOf(vehicleId);
        if (instruction.kind !== "transferControl" || now.authority !== instruction.from) return;
        if (now.epoch !== instruction.expectedEpoch) return;
        turn(vehicleId, {
          authority: instruction.to,
          epoch: now.epoch + 1,
          handoffId: instruction.handoffId,
        });
      },
    },
    clock,
    timers: clock,
    ids,
    log: quiet,
    account: `${side}-sandbox`,
    visitGround: toyGround(),
    // Quicker than in production: whoever tries it out waits for it.
    settings: { retryFirstMs: 200, retryMaxMs: 2_000, tickMs: 200, repeatMs: 1_000, repeatMaxMs: 5_000 },
  });
  const turn = (vehicleId: VehicleId, register: ControlRegister): void => {
    registers.set(vehicleId, register);
    // Kept before anything that follows from it: a vehicle's register survives whoever watches it.
    void redis.hset(registersKey, vehicleId, JSON.stringify(register));
    onRegister?.(vehicleId, register);
    handoffs.observeRegister(vehicleId, register);
  };
  const visits = new ToyVisits(side, handoffs, () => clock.nowMs());
  handoffs.visits.subscribe(() => visits.look());
  handoffs.subscribe((event) => {
    visits.told(event);
    beWilling(event, handoffs);
  });

  const give = (offer: Offer): void => {
    if (offer.mode !== "host-grants") turn(offer.vehicleId, registerOf(offer.vehicleId));
    handoffs.offer(offer);
  };

  const partner = openPartner({
    side,
    site,
    zoneId,
    redis,
    clock,
    ids,
    ring,
    handoffs,
    missions: () => [],
    policy: SHARE_ALL,
    webhookHosts: ["127.0.0.1", "localhost"],
    isSandbox: true,
    logger: quiet,
  });
  const app = fastify({ forceCloseConnections: true });
  await describeApi(app);
  await app.register(partner.routes, { prefix: "/partner/v1" });
  app.put<{ Params: { vehicleId: string } }>(
    "/sandbox/vehicles/:vehicleId/register",
    async (request, reply) => {
      if (!registerCheck.Check(request.body)) return reply.code(422).send({ code: "invalid-message" });
      // Named at this edge, as a vehicle's own topic would name it.
      turn(request.params.vehicleId as VehicleId, request.body);
      return registerOf(request.params.vehicleId as VehicleId);
    },
  );
  app.get<{ Params: { vehicleId: string } }>("/sandbox/vehicles/:vehicleId/register", async (request) =>
    registerOf(request.params.vehicleId as VehicleId),
  );
  app.post("/sandbox/offers", async (request, reply) => {
    if (!offerCheck.Check(request.body)) return reply.code(422).send({ code: "invalid-message" });
    const { handoffId, offer } = request.body;
    give({ handoffId, ...offer });
    return reply.code(202).send({ handoffId });
  });
  for (const [vehicleId, text] of await fieldsOf(redis, registersKey)) {
    const kept: unknown = JSON.parse(text);
    if (registerCheck.Check(kept)) registers.set(vehicleId as VehicleId, kept);
  }
  await handoffs.start();
  await partner.start();
  const stopStates = clock.every(STATE_EVERY_MS, () => {
    visits.look();
    for (const [vehicleId, register] of registers) handoffs.observeRegister(vehicleId, register);
  });
  await app.listen({ host: "127.0.0.1", port: inputs.port });
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : inputs.port;
  return {
    url: `http://127.0.0.1:${port}`,
    handoffs,
    offer: give,
    register: (vehicleId) => registerOf(vehicleId as VehicleId),
    async stop() {
      stopStates();
      partner.stop();
      await handoffs.stop();
      await app.close();
      redis.disconnect();
    },
  };
}

/** What a mission does that has room, ground and time for everything. */
function beWilling(event: HandoffEvent, handoffs: HandoffService): void {
  if (event.kind === "trouble") return;
  if (event.kind === "offered") {
    handoffs.accept(event.offer.handoffId);
    return;
  }
  const { handoffId } = event;
  const machine = handoffs.look(handoffId)?.machine;
  if (event.kind === "accepted" && machine !== undefined) handoffs.ready(handoffId, machine.offer.manifest);
  if (event.kind === "ready" && !isToHost(machine)) handoffs.go(handoffId);
  if (event.kind === "switched" && machine?.role === "taker")
    handoffs.receive(handoffId, { kind: "accepted" });
}
