import { createActor, initialTransition, setup } from "xstate";
import { absorb } from "./absorb.ts";
import { isOver, type MissionContext } from "./context.ts";
import { desiredOf } from "./desired.ts";
import type { MissionEvent } from "./events.ts";
import { canBeRecalled, canReturn, isRecalledByWitness } from "./having-back.ts";
import { canPassAgain, isHeldForSeal, throughLaneAgain } from "./once-more.ts";
import { issue } from "./outbox.ts";
import { canBeRefused, isWithdrawn } from "./person-acts.ts";
import type { Procedure, StepRule } from "./procedure.ts";
import type { Judgement } from "./steps/step-logic.ts";
import { STEP_LOGIC } from "./steps/step-table.ts";
import { canBeTowed, isRefusedVisit } from "./towed.ts";
import {
  acceptAsItIs,
  accountIn,
  concludeStep,
  end,
  enterStep,
  giveUp,
  hold,
  tryAgain,
} from "./transitions.ts";

/**
 * The machine of a procedure: one state a step, in the procedure's order, plus `held`, `done` and `returned`.
 *
 * Used through `advance` only. It invokes nothing and waits for no clock: `after` timers do not survive being
 * stored (statelyai/xstate#5331), so deadlines are instants in the context, and a `tick` event tells the time.
 * Effects are not XState actions but data in `context.outbox`, so that the store's one write holds both.
 */
export function buildMissionMachine(procedure: Procedure) {
  // Every step has four ways on, and each asks for the same judgement of the same mission.
  let lastJudged: { of: MissionContext; rule: StepRule; kind: Judgement["kind"] } | undefined;
  const judged =
    (rule: StepRule, kind: Judgement["kind"]) =>
    ({ context }: { context: Box }): boolean => {
      if (lastJudged?.of !== context.mission || lastJudged.rule !== rule) {
        const judgement = STEP_LOGIC[rule.step].judge(context.mission, rule, procedure);
        lastJudged = { of: context.mission, rule, kind: judgement.kind };
      }
      return lastJudged.kind === kind;
    };

  const machineSetup = setup<Box, MissionEvent, None, None, None, None, never, string, MissionContext>({});
  const change = (how: (mission: MissionContext, event: MissionEvent) => MissionContext) =>
    machineSetup.assign(({ context, event }) => ({ mission: how(context.mission, event) }));
  const settled = (how: (mission: MissionContext, event: MissionEvent) => MissionContext) =>
    change((mission, event) => settle(how(mission, event), procedure));

  const hears = settled((mission, event) => absorb(mission, event, procedure));

  /** Outbound. Inbound it is the partner's until it has crossed: first the hand-off ends, then the mission. */
  const refused = {
    guard: ({ context }: { context: Box }) =>
      context.mission.bound === "outbound" && canBeRefused(context.mission),
    target: "returned",
    actions: [
      hears,
      change((mission) => ({
        ...mission,
        returnReason: `refused (${mission.refusal?.code ?? ""}) by ${mission.refusal?.account ?? ""}`,
      })),
    ],
  };

  /** Back to where the lane begins, where the procedure has one. */
  const passesAgain = procedure.steps
    .filter(({ step }) => step === "identify")
    .map(({ step }) => ({
      guard: ({ context, event }: { context: Box; event: MissionEvent }) =>
        event.type === "pass-again" && canPassAgain(context.mission, event.what, procedure),
      target: step,
      actions: [hears, change(throughLaneAgain)],
    }));

  const stepState = (rule: StepRule, next: string) =>
    machineSetup.createStateConfig({
      entry: settled((mission) => enterStep(mission, rule.step)),
      on: {
        recall: {
          guard: ({ context }) => canBeRecalled(context.mission) && !isRecalledByWitness(context.mission),
          target: "returned",
          actions: [
            hears,
            change((mission, event) => ({ ...mission, returnReason: `called back by ${accountIn(event)}` })),
          ],
        },
        refuse: refused,
        "pass-again": passesAgain,
      },
      always: [
        {
          guard: judged(rule, "done"),
          target: next,
          actions: change((mission) => concludeStep(mission, rule, procedure)),
        },
        {
          guard: judged(rule, "retry"),
          target: rule.step,
          reenter: true,
          actions: change((mission) => tryAgain(mission, rule.step)),
        },
        {
          guard: judged(rule, "held"),
          target: "held",
          actions: settled((mission) => hold(mission, rule, procedure)),
        },
        ...(rule.step === "drive-to-crane"
          ? [{ guard: judged(rule, "no-vehicle"), target: "assign-vehicle" }]
          : []),
        {
          guard: judged(rule, "return"),
          target: "returned",
          actions: change((mission) => giveUp(mission, rule, procedure)),
        },
      ],
    });

  const steps = Object.fromEntries(
    procedure.steps.map((rule, at) => [rule.step, stepState(rule, procedure.steps[at + 1]?.step ?? "done")]),
  );

  const held = machineSetup.createStateConfig({
    // What holds it is of no consequence any more when the vehicle does not come: it would keep a bay for nothing.
    always: [
      {
        guard: ({ context }) => isCalledOff(context.mission),
        target: "returned",
        actions: change((mission) => ({
          ...mission,
          returnReason: `the partner's offer ended: ${mission.handoff?.overReason ?? "unknown"}`,
        })),
      },
      {
        guard: ({ context }) => isWithdrawn(context.mission),
        target: "returned",
        actions: change((mission) => ({
          ...mission,
          returnReason: `hand-off withdrawn by ${mission.withdrawal?.account ?? ""}`,
        })),
      },
      {
        guard: ({ context }) => isRefusedVisit(context.mission),
        target: "returned",
        actions: change((mission) => ({
          ...mission,
          returnReason: `refused (${mission.refusal?.code ?? ""}) by ${mission.refusal?.account ?? ""}, and taken away by the partner`,
        })),
      },
    ],
    on: {
      refuse: refused,
      "pass-again": passesAgain,
      reseal: procedure.steps.map((rule) => ({
        guard: ({ context }) => context.mission.held?.step === rule.step && isHeldForSeal(context.mission),
        target: rule.step,
        actions: [hears, change((mission) => tryAgain(mission, rule.step))],
      })),
      towed: procedure.steps
        .filter(({ step }) => step === "cross")
        .map(({ step }) => ({
          guard: ({ context }) => canBeTowed(context.mission),
          target: step,
          actions: [hears],
        })),
      read: procedure.steps.map((rule) => ({
        guard: ({ context }) => context.mission.held?.step === rule.step,
        target: rule.step,
        actions: [hears],
      })),
      paper: procedure.steps.map((rule) => ({
        guard: ({ context }) => context.mission.held?.step === rule.step,
        target: rule.step,
        actions: [hears],
      })),
      resume: procedure.steps.map((rule) => ({
        guard: ({ context }) => context.mission.held?.step === rule.step,
        target: rule.step,
        actions: [hears, change((mission) => tryAgain(mission, rule.step))],
      })),
      override: procedure.steps.map((rule) => ({
        guard: ({ context }) => context.mission.held?.step === rule.step && context.mission.held.overridable,
        target: rule.step,
        actions: [hears, change(acceptAsItIs)],
      })),
      return: {
        guard: ({ context }) => canReturn(context.mission),
        target: "returned",
        actions: [
          hears,
          change((mission, event) => ({
            ...mission,
            returnReason: `by ${accountIn(event)}: ${mission.held?.code ?? ""}`,
          })),
        ],
      },
    },
  });

  return machineSetup.createMachine({
    id: `${procedure.procedureId}.v${procedure.version}`,
    context: ({ input }) => ({ mission: input }),
    initial: "begin",
    on: { "*": { actions: hears } },
    states: {
      // A mission that a person adopts begins in the middle.
      begin: {
        always: procedure.steps.map((rule) => ({
          guard: ({ context }) => context.mission.step === rule.step,
          target: rule.step,
        })),
      },
      ...steps,
      held,
      // Not XState's final states: what they send out still has to be confirmed.
      done: { entry: settled((mission) => end(mission, "done")) },
      returned: { entry: settled((mission) => end(mission, "returned")) },
    },
  });
}

/** One value, replaced as a whole: XState's `assign` merges, and would keep what a transition has taken away. */
interface Box {
  readonly mission: MissionContext;
}

type None = Record<never, never>;

export type MissionMachine = ReturnType<typeof buildMissionMachine>;

/** Begins a mission at the step that its context names. */
export function beginMission(machine: MissionMachine, context: MissionContext): MissionContext {
  const [snapshot] = initialTransition(machine, context);
  return snapshot.context.mission;
}

/**
 * One event, one transition. The very same context comes back when the event changes nothing, so that the caller
 * need not store it. The state is where `status` and `step` say: they are written by the states' own entries.
 */
export function advance(
  machine: MissionMachine,
  procedure: Procedure,
  context: MissionContext,
  event: MissionEvent,
): MissionContext {
  const heard = absorb(context, event, procedure);
  if (heard === context) return context;
  return machine.transition(snapshotOf(machine, context), event, scopeOf(machine, context)).context.mission;
}

type Snapshot = ReturnType<MissionMachine["resolveState"]>;

/** A machine's states as XState has them, by name: worked out once, for whichever mission is in them. */
const snapshots = new WeakMap<MissionMachine, Map<string, Snapshot>>();

function snapshotOf(machine: MissionMachine, context: MissionContext): Snapshot {
  const value = stateOf(context);
  const states = snapshots.get(machine) ?? new Map<string, Snapshot>();
  snapshots.set(machine, states);
  const known = states.get(value);
  if (known !== undefined) return { ...known, context: { mission: context } };
  const resolved = machine.resolveState({ value, context: { mission: context } });
  states.set(value, resolved);
  return resolved;
}

type Scope = Parameters<MissionMachine["transition"]>[2];

/**
 * The surroundings in which a machine's transitions are worked out. XState's own `transition()` makes new ones for each
 * event, and a mission's beginning with them; ours spawns, sends and executes nothing, so that one serves all.
 */
const scopes = new WeakMap<MissionMachine, Scope>();

function scopeOf(machine: MissionMachine, input: MissionContext): Scope {
  const known = scopes.get(machine);
  if (known !== undefined) return known;
  const self = createActor(machine, { input });
  const nothing = (): void => {};
  const scope: Scope = {
    self,
    system: self.system,
    id: "",
    sessionId: "",
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: nothing,
  };
  scopes.set(machine, scope);
  return scope;
}

/** The name of the machine's state for a stored context. */
export function stateOf(context: MissionContext): string {
  return context.status === "running" ? context.step : context.status;
}

/** When a mission wants to be told the time: the next deadline or delay that has not come yet. */
export function nextWakeAtMs(context: MissionContext): number | undefined {
  if (isOver(context)) return undefined;
  const instants = Object.values(context.jobs)
    .filter((job) => job.state === "asked" || job.step === context.step)
    .map((job) => job.deadlineAtMs);
  if (context.handoff?.phase === "over" && context.handoff.againAtMs !== undefined)
    instants.push(context.handoff.againAtMs);
  const ahead = instants.filter((atMs) => atMs > context.nowMs);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

/** Inbound: the offer ended before the witness switched, so that the vehicle stays the partner's. */
const isCalledOff = ({ bound, handoff }: MissionContext): boolean =>
  bound === "inbound" && handoff?.phase === "over" && !handoff.switched;

const settle = (context: MissionContext, procedure: Procedure): MissionContext =>
  issue(context, desiredOf(context, procedure), procedure);
