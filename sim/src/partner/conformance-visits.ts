import { type Envelope, isAboutVisit, type VisitEnvelope } from "./messages.ts";

/** What the checks of the mode `host-grants` need of the suite. The kit is the home side, the server the host. */
export interface VisitKit {
  readonly side: string;
  readonly other: string;
  readonly nowMs: () => number;
  readonly stretchId: string;
  readonly fail: (what: string) => never;
  readonly newId: () => string;
  readonly offer: (handoffId: string, vehicleId: string) => Promise<Answer>;
  readonly say: (handoffId: string, type: string, step: string, body: object) => Promise<Answer>;
  readonly manifest: object;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly doubt: string | undefined;
}

type Check = readonly [name: string, run: () => Promise<void>];
type Ground = Extract<VisitEnvelope, { type: "ground" }>["body"];

/** A server may do what it is told a little later. */
const WITHIN_MS = 10_000;
const LOOK_MS = 50;

/** Whether the server serves the mode at all. */
export async function servesVisits(kit: VisitKit): Promise<boolean> {
  const handoffId = kit.newId();
  const { status, body } = await kit.offer(handoffId, handoffId);
  if (status === 422 && body.code === "mode-not-served") return false;
  await withdraw(kit, handoffId);
  return true;
}

/** All that the server has said of itself. */
export type Heard = () => readonly (Envelope | VisitEnvelope)[];

export const VISIT_CHECK_NAMES = {
  once: "host-grants: takes each `visit` once, and nothing of an older one",
  switch: "host-grants: changes the register by compare-and-set alone",
  unknown: "host-grants: says that it does not know a visit",
  grants: "host-grants: grants nothing before the register names it, and then under a lease",
  frees: "host-grants: frees what was granted by the home side's word alone, and gives the right back",
} as const;

/** Those that need nothing of what the server says by itself. */
export function visitChecks(kit: VisitKit): readonly Check[] {
  return [
    [
      VISIT_CHECK_NAMES.once,
      async () => {
        const handoffId = await begun(kit);
        await isTaken(kit, report(kit, handoffId, 2, { wants: [kit.stretchId] }), false);
        await isTaken(kit, report(kit, handoffId, 2, { wants: [kit.stretchId] }), true);
        await isTaken(kit, report(kit, handoffId, 1, {}), true);
        await isTaken(kit, report(kit, handoffId, 3, { isOver: true }), false);
        await withdraw(kit, handoffId);
      },
    ],
    [
      VISIT_CHECK_NAMES.switch,
      async () => {
        const handoffId = await begun(kit);
        await isTaken(kit, pageSwitch(kit, handoffId, 7, kit.other), true);
        await isTaken(kit, pageSwitch(kit, handoffId, 0, kit.side), false);
        await isTaken(kit, pageSwitch(kit, handoffId, 0, kit.other), true);
        await withdraw(kit, handoffId);
      },
    ],
    [
      VISIT_CHECK_NAMES.unknown,
      async () => {
        const { status, body } = await report(kit, kit.newId(), 1, {});
        if (status !== 404 || body.code !== "handoff-unknown")
          kit.fail(`expected 404 handoff-unknown, got ${status} ${String(body.code)}`);
      },
    ],
  ];
}

/** Those that hear what the server says: a whole visit, there and back. Its two custody records are left without our signature. */
export function heardVisitChecks(kit: VisitKit, heard: Heard): readonly Check[] {
  let handoffId = "";
  const { stretchId, side, other } = kit;
  const grounds = (): readonly Ground[] =>
    heard().flatMap((one) => (one.type === "ground" && one.handoffId === handoffId ? [one.body] : []));
  const newest = (): Ground | undefined => [...grounds()].sort((a, b) => b.number - a.number)[0];
  const grant = () => newest()?.grants.find((one) => one.stretchId === stretchId);
  const said = (id: string, type: string) =>
    heard().some((one) => !isAboutVisit(one) && one.handoffId === id && one.type === type);
  return [
    [
      VISIT_CHECK_NAMES.grants,
      async () => {
        handoffId = await begun(kit);
        await isTaken(kit, report(kit, handoffId, 2, { wants: [stretchId] }), false);
        const ready = { manifest: kit.manifest, epoch: 0 };
        await within(kit, "an `accept` of ours", () => said(handoffId, "accept"));
        await isTaken(kit, kit.say(handoffId, "ready", "ready", ready), false);
        await within(kit, "a `go`", () => said(handoffId, "go"));
        if (grounds().some(({ grants }) => grants.some(({ state }) => state === "GRANTED")))
          kit.fail("it granted ground while the register named the home side");
        await isTaken(kit, pageSwitch(kit, handoffId, 0, other), false);
        await within(kit, "a `ground` that grants the stretch", () => grant()?.state === "GRANTED");
        const { authority, epoch } = newest()?.register ?? {};
        if (authority !== other || epoch !== 1) kit.fail(`the register says ${authority} ${epoch}`);
        const lease = grant()?.leaseUntilMs ?? 0;
        if (lease <= kit.nowMs()) kit.fail("the lease was over when it was granted");
      },
    ],
    [
      VISIT_CHECK_NAMES.frees,
      async () => {
        const { epoch } = grant() ?? kit.fail("nothing was granted");
        // Said before the grant was seen: it speaks of grants before this one.
        await isTaken(kit, report(kit, handoffId, 3, { seen: epoch - 1 }), false);
        const before = grant()?.leaseUntilMs ?? 0;
        await isTaken(kit, report(kit, handoffId, 4, { seen: epoch, holds: [{ stretchId, epoch }] }), false);
        await within(kit, "a longer lease", () => (grant()?.leaseUntilMs ?? before + 1) > before);
        if (grant()?.epoch !== epoch) kit.fail("it freed ground that the home side had not said to be clear");
        await isTaken(kit, report(kit, handoffId, 5, { seen: epoch, isOver: true }), false);
        await within(kit, "a `ground` that names it no more", () => grant() === undefined);
        const homeward = () =>
          heard().find((one) => one.type === "offer" && one.body.vehicleId === handoffId)?.handoffId;
        await within(kit, "the offer of the way home", () => homeward() !== undefined);
        const home = homeward() ?? "";
        await isTaken(kit, kit.say(home, "accept", "accept", {}), false);
        await within(kit, "its `ready`", () => said(home, "ready"));
        await isTaken(kit, kit.say(home, "go", "go", {}), false);
        await within(kit, "the register to name the home side", () => newest()?.register.authority === side);
      },
    ],
  ];
}

/** A visit that is agreed upon, of a vehicle that has never been there, under the hand-off's own name. */
async function begun(kit: VisitKit): Promise<string> {
  const handoffId = kit.newId();
  const { status, body } = await kit.offer(handoffId, handoffId);
  if (status !== 202) kit.fail(`the offer was answered with ${status} ${String(body.code)}`);
  const isKnown = async (): Promise<boolean> => (await report(kit, handoffId, 1, {})).status === 202;
  await within(kit, "it to know the visit that it was offered", isKnown);
  return handoffId;
}

const report = (kit: VisitKit, handoffId: string, number: number, more: object): Promise<Answer> =>
  kit.say(handoffId, "visit", `visit.${number}`, {
    number,
    seen: 0,
    wants: [],
    holds: [],
    isOver: false,
    ...more,
  });

const pageSwitch = (kit: VisitKit, handoffId: string, expectedEpoch: number, to: string): Promise<Answer> =>
  kit.say(handoffId, "page-switch", `page-switch.${expectedEpoch}.${to}`, { expectedEpoch, to });

const withdraw = (kit: VisitKit, handoffId: string): Promise<Answer> =>
  kit.say(handoffId, "withdraw", "withdraw", { how: "withdrawn", reason: "conformance" });

async function isTaken(kit: VisitKit, asked: Promise<Answer>, duplicate: boolean): Promise<void> {
  const { status, body, doubt } = await asked;
  if (status !== 202 || body.duplicate !== duplicate || doubt !== undefined)
    kit.fail(
      `expected 202 with duplicate ${duplicate}, got ${status} ${JSON.stringify(body)} ${doubt ?? ""}`,
    );
}

async function within(kit: VisitKit, what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += LOOK_MS) {
    if (waitedMs > WITHIN_MS) kit.fail(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
