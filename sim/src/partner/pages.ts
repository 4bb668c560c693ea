import type { VisitEnvelope, VisitMessage } from "./messages.ts";

/**
 * The emulated country's ledger of ground that it grants to vehicles which their own side drives (docs/partner-api.md, "Visits"),
 * written anew from that page. Ground is data: which pieces each stretch has. It has no vehicles of its own there; which ground its own
 * side wants is said to it.
 */
export interface HostGround {
  /** Where visits begin, and what the way home is called. */
  readonly points: readonly { readonly handoffPointId: string; readonly homePointId: string }[];
  /** Stretches that have a piece in common are never two visitors' at once. */
  readonly stretches: readonly { readonly stretchId: string; readonly pieces: readonly string[] }[];
}

/** Ground without a layout, as toy vehicles need it: a pad with a way in and a way out. */
export const TOY_GROUND: HostGround = {
  points: [
    { handoffPointId: "visit-export", homePointId: "home-import" },
    { handoffPointId: "visit-import", homePointId: "home-export" },
  ],
  stretches: [
    { stretchId: "pad-in", pieces: ["lane-in", "pad"] },
    { stretchId: "pad-out", pieces: ["pad", "lane-out"] },
  ],
};

interface Stretch {
  readonly stretchId: string;
  /** `held`: the ground is kept for it, and not granted, since the right to move there has not passed yet. */
  state: "queued" | "held" | "granted" | "revoked" | "rejected";
  /** Of the report that was first to grant it. */
  epoch: number;
  leaseUntilMs: number;
  /** Who asked earlier is served earlier. */
  readonly turn: number;
}

/** What is kept for one foreign vehicle: from visit to visit the numbers only grow. */
export interface Page {
  readonly vehicleId: string;
  readonly home: string;
  handoffId: string;
  register: { readonly authority: string; readonly epoch: number; readonly handoffId?: string };
  stage: "ready" | "open" | "over";
  /** Of our newest report, and of the home side's newest that was taken. */
  number: number;
  heard: number;
  stretches: Stretch[];
}

export interface PagesOptions {
  readonly side: string;
  readonly ground: HostGround;
  readonly pages: Map<string, Page>;
  readonly nowMs: () => number;
  /** Stretches that its own side wants for itself. */
  readonly wantedByUs: () => readonly string[];
  readonly lie: () => string;
  readonly tell: (page: Page, message: VisitMessage) => void;
  /** A page has changed, and is told. */
  readonly changed: (page: Page) => void;
}

const LEASE_MS = 30_000;
const KEPT: readonly Stretch["state"][] = ["held", "granted", "revoked"];

export class Pages {
  readonly #options: PagesOptions;

  constructor(options: PagesOptions) {
    this.#options = options;
  }

  of(vehicleId: string): Page | undefined {
    return this.#options.pages.get(vehicleId);
  }

  homePointOf(handoffPointId: string): string | undefined {
    return this.#options.ground.points.find((one) => one.handoffPointId === handoffPointId)?.homePointId;
  }

  /** A visit is agreed upon; false while one of the same vehicle is not over. */
  begin(vehicleId: string, home: string, handoffId: string): boolean {
    const known = this.of(vehicleId);
    if (known?.handoffId === handoffId) return true;
    if (known !== undefined && (known.stage === "open" || known.register.authority !== home)) return false;
    const page: Page = known ?? {
      vehicleId,
      home,
      handoffId,
      register: { authority: home, epoch: 0 },
      stage: "ready",
      number: 0,
      heard: 0,
      stretches: [],
    };
    this.#options.pages.set(vehicleId, page);
    Object.assign(page, { handoffId, stage: "ready", stretches: [] });
    this.#say(page);
    return true;
  }

  /** Undefined when no page is about that hand-off; otherwise whether anything was new. */
  hear(envelope: VisitEnvelope): boolean | undefined {
    const page = [...this.#options.pages.values()].find(({ handoffId }) => handoffId === envelope.handoffId);
    if (page === undefined || envelope.type === "ground") return undefined;
    if (envelope.type === "visit") return this.#report(page, envelope.body);
    const { expectedEpoch, to } = envelope.body;
    const isDone = this.#set(page, page.home, envelope.handoffId, expectedEpoch, to);
    // Who asks does not know where the register stands.
    if (!isDone) this.#tell(page);
    return isDone;
  }

  /** By our own side, which holds the right: it goes back once nothing is the vehicle's any more. */
  giveBack(vehicleId: string, handoffId: string, expectedEpoch: number, to: string): void {
    const page = this.of(vehicleId);
    if (page?.stage === "over") this.#set(page, this.#options.side, handoffId, expectedEpoch, to);
  }

  /** Ground is given to those who wait for it, and wanted back where our own side wants it. */
  settle(): void {
    const pages = [...this.#options.pages.values()];
    const all = pages.flatMap((page) => page.stretches.map((stretch) => ({ page, stretch })));
    for (const { page, stretch } of all) {
      if (stretch.state !== "granted" || !this.#isWantedByUs(stretch)) continue;
      stretch.state = "revoked";
      this.#say(page);
    }
    const waiting = all.filter(({ stretch }) => stretch.state === "queued" || stretch.state === "held");
    for (const { page, stretch } of waiting.sort((a, b) => a.stretch.turn - b.stretch.turn)) {
      if (stretch.state === "queued") {
        const isOthers = all.some(
          (other) =>
            other.page !== page && KEPT.includes(other.stretch.state) && this.#meet(other.stretch, stretch),
        );
        if (isOthers || this.#isWantedByUs(stretch)) continue;
        stretch.state = "held";
      }
      if (page.stage === "open") this.#grant(page, stretch);
      else this.#options.changed(page);
    }
  }

  /** Whether ground is kept for the vehicle, so that it may be let go. */
  hasGround(vehicleId: string): boolean {
    return this.of(vehicleId)?.stretches.some(({ state }) => KEPT.includes(state)) === true;
  }

  /** Says again what holds, whoever has heard it: as it is said now. */
  tellAgain(): void {
    for (const page of this.#options.pages.values()) this.#say(page);
  }

  #set(page: Page, by: string, handoffId: string, expectedEpoch: number, to: string): boolean {
    const { register, home } = page;
    if (register.authority !== by || register.epoch !== expectedEpoch) return false;
    page.register = { authority: to, epoch: register.epoch + 1, handoffId };
    if (page.stage === "ready" && by === home && handoffId === page.handoffId) {
      page.stage = to === home ? "over" : "open";
      if (page.stage === "over") page.stretches = [];
    }
    this.#say(page);
    this.settle();
    return true;
  }

  #report(page: Page, report: Extract<VisitEnvelope, { type: "visit" }>["body"]): boolean {
    if (report.number <= page.heard || page.stage === "over") return false;
    page.heard = report.number;
    const before = JSON.stringify(page.stretches);
    page.stretches = page.stretches.filter(({ stretchId, state, epoch }) => {
      if (state !== "granted" && state !== "revoked") return report.wants.includes(stretchId);
      // A grant that was not seen yet may be taken up any moment: only what was seen and is not named is clear.
      return (
        epoch > report.seen || report.holds.some((one) => one.stretchId === stretchId && one.epoch === epoch)
      );
    });
    for (const stretch of page.stretches)
      if (stretch.state === "granted") stretch.leaseUntilMs = this.#options.nowMs() + LEASE_MS;
    for (const stretchId of report.isOver ? [] : report.wants) {
      if (page.stretches.some((one) => one.stretchId === stretchId)) continue;
      const state = this.#piecesOf(stretchId) === undefined ? "rejected" : "queued";
      page.stretches.push({ stretchId, state, epoch: 0, leaseUntilMs: 0, turn: this.#nextTurn() });
    }
    if (report.isOver && page.stretches.length === 0) page.stage = "over";
    if (JSON.stringify(page.stretches) !== before) this.#say(page);
    else this.#options.changed(page);
    this.settle();
    return true;
  }

  #grant(page: Page, stretch: Stretch): void {
    stretch.state = "granted";
    stretch.epoch = page.number + 1;
    stretch.leaseUntilMs = this.#options.nowMs() + LEASE_MS;
    this.#say(page);
  }

  #say(page: Page): void {
    page.number++;
    this.#tell(page);
    this.#options.changed(page);
  }

  #tell(page: Page): void {
    const lie = this.#options.lie();
    const told =
      lie === "grants-forgotten" ? page.stretches.filter(({ epoch }) => epoch === 0) : page.stretches;
    const grants = told.map(({ stretchId, state, epoch, leaseUntilMs }) => ({
      stretchId,
      state: state === "held" ? "QUEUED" : state.toUpperCase(),
      epoch,
      leaseUntilMs: lie === "lease-over" ? leaseUntilMs - 2 * LEASE_MS : leaseUntilMs,
    }));
    this.#options.tell(page, {
      type: "ground",
      body: { number: page.number, register: page.register, grants },
    });
  }

  #nextTurn(): number {
    const turns = [...this.#options.pages.values()].flatMap((page) => page.stretches.map(({ turn }) => turn));
    return Math.max(0, ...turns) + 1;
  }

  #piecesOf(stretchId: string): readonly string[] | undefined {
    return this.#options.ground.stretches.find((one) => one.stretchId === stretchId)?.pieces;
  }

  #meet(a: Stretch, b: Stretch): boolean {
    const pieces = this.#piecesOf(b.stretchId) ?? [];
    return (this.#piecesOf(a.stretchId) ?? []).some((piece) => pieces.includes(piece));
  }

  #isWantedByUs({ stretchId }: Stretch): boolean {
    return this.#options.wantedByUs().includes(stretchId);
  }
}
