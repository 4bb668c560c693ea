import { SIDES, type Side } from "@baton/maps";
import { giverCommands, isGiverClosed } from "../giver-state.ts";
import { isTakerClosed, takerCommands } from "../taker.ts";
import { agreedHolder, type Holder } from "../word.ts";
import { unsafeAtCrane } from "./crane-steps.ts";
import { type Conversation, newestOf, takerOf, type World } from "./world.ts";

/** What must hold in every state of the world; what is broken in words, or `undefined`. */
export function violation(world: World): string | undefined {
  const unsafe =
    unsafeAtCrane(world) ?? (world.crane === undefined ? wronglyCommanded(world) : wronglyKept(world));
  if (unsafe !== undefined) return unsafe;
  for (const { authority, by } of world.registers) {
    const conversation = by === undefined ? undefined : world.handoffs[by];
    if (by === undefined || conversation === undefined || authority === conversation.giver) continue;
    if (resolvedTo(conversation) === "giver") continue;
    const n = by + 1;
    const phase = conversation.takerState?.phase;
    if (phase === undefined || phase === "ended" || phase === "declined")
      return `1: hand-off ${n} gave the vehicle to ${authority}, which has freed its ground`;
    if (phase === "offered" || phase === "accepted" || phase === "prepared")
      return `1: hand-off ${n} gave the vehicle to ${authority}, which never said go`;
    if (!conversation.released)
      return `2: hand-off ${n} let the container cross before the checks of ${conversation.giver} were done`;
  }
  for (const [h, { takerState, checked, kept, believed }] of world.handoffs.entries()) {
    if (believed) return `5: what nobody signed has changed hand-off ${h + 1}`;
    const phase = takerState?.phase;
    if ((phase === "receipted" || phase === "concluded") && !checked)
      return `2: hand-off ${h + 1} was received without the taker's own checks`;
    if (kept.giver > 1 || kept.taker > 1) return `4: hand-off ${h + 1} stands in one ledger twice`;
  }
  return undefined;
}

function wronglyCommanded(world: World): string | undefined {
  const holder = holderOf(world);
  const wrong = SIDES.find((side) => commands(world, side) && holder !== side);
  return wrong && `1: ${wrong} commands the vehicle, and its register names ${holder}`;
}

/** Whom the register names last, or both sides' people of the same hand-off or a later one. */
function holderOf({ handoffs, registers }: World): Side | undefined {
  const last = registers.at(-1);
  const h = handoffs.findLastIndex((one) => resolvedTo(one) !== undefined);
  const resolved = handoffs[h];
  if (resolved === undefined || (last?.by ?? -1) > h) return last?.authority;
  return resolvedTo(resolved) === "giver" ? resolved.giver : takerOf(resolved);
}

function resolvedTo({ giverState, takerState }: Conversation): Holder | undefined {
  return agreedHolder(giverState) ?? (takerState && agreedHolder(takerState));
}

/** Words of the last round that crossed each other and differ: only the register could decide, and it is lost. */
function areAtOdds({ giverState, takerState }: Conversation): boolean {
  const [ours, theirs] = [giverState.ourWord, takerState?.ourWord];
  return ours?.round === 2 && theirs?.round === 2 && ours.holder !== theirs.holder;
}

/** Where containers change vehicle, each hand-off is of a container of its own: it is the taker's once the crane has said so. */
function wronglyKept({ handoffs, registers }: World): string | undefined {
  for (const [h, { giver, giverState, takerState }] of handoffs.entries()) {
    const isOver = registers.some(({ authority, by }) => by === h && authority !== giver);
    const isTakers = takerState !== undefined && takerCommands(takerState);
    if (isTakers && !isOver)
      return `1: hand-off ${h + 1} is taken for done, and the crane has not handed it over`;
    if (giverCommands(giverState) && isOver)
      return `1: ${giver} takes the container of hand-off ${h + 1} for its own, and the crane has handed it over`;
  }
  return undefined;
}

/** Whether a side commands the vehicle, by what it knows: by the conversation in which its own part began last. */
export function commands(world: World, side: Side): boolean {
  const newest = newestOf(world, side);
  if (newest === undefined) return false;
  if (newest.giver === side) return giverCommands(newest.giverState);
  return newest.takerState !== undefined && takerCommands(newest.takerState);
}

/** What must hold once everything gets through again, for long enough; what does not, in words. */
export function unfinished(world: World): string | undefined {
  for (const [h, conversation] of world.handoffs.entries()) {
    const { giverState, takerState, kept } = conversation;
    const n = h + 1;
    if (areAtOdds(conversation)) continue;
    if (!isGiverClosed(giverState)) return `3: hand-off ${n} never ends for its giver: ${giverState.phase}`;
    if (takerState !== undefined && !isTakerClosed(takerState))
      return `3: hand-off ${n} never ends for its taker: ${takerState.phase}`;
    const concluded = { giver: giverState.phase === "concluded", taker: takerState?.phase === "concluded" };
    if (
      concluded.giver !== concluded.taker ||
      kept.giver !== kept.taker ||
      kept.giver !== (concluded.giver ? 1 : 0)
    )
      return `4: of hand-off ${n} the ledger of ${conversation.giver} has ${kept.giver} records and that of ${takerOf(conversation)} ${kept.taker}`;
  }
  if (world.crane !== undefined) {
    const isKept = world.handoffs.every(
      ({ giverState, takerState }) =>
        giverCommands(giverState) !== (takerState !== undefined && takerCommands(takerState)),
    );
    return isKept ? undefined : "1: a container has two holders in the end, or none";
  }
  if (world.handoffs.some(areAtOdds)) return undefined;
  const holders = SIDES.filter((side) => commands(world, side));
  return holders.length === 1 ? undefined : `1: ${holders.length} sides command the vehicle in the end`;
}
