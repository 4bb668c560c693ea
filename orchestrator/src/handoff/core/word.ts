import Type, { type Static } from "typebox";

/**
 * What people say of a hand-off whose witness can never be read again: its vehicle is lost. It stands in for the register once a
 * named account of each side has said the same. A side's word is final: two that change their minds in passing could each
 * believe the other. Only when both words are known and differ, so that nobody can ever act on them, is there another round. Until
 * then a side does nothing that its own word denies, not even on the register's say: the partner may act on both words already.
 */
const Holder = Type.Union([Type.Literal("giver"), Type.Literal("taker")]);
export type Holder = Static<typeof Holder>;

const MOST_ROUNDS = 8;

/** The body of the message `resolution`, and what is kept of it. */
export const Word = Type.Object({
  round: Type.Integer({ minimum: 1, maximum: MOST_ROUNDS }),
  holder: Holder,
  account: Type.String({ minLength: 1, maxLength: 128 }),
  reason: Type.String({ minLength: 1, maxLength: 512 }),
});
export type Word = Static<typeof Word>;
/** As a person says it; which round it is of is the machine's business. */
export type Saying = Omit<Word, "round">;

/** Part of every phase of either machine. */
export const words = { ourWord: Type.Optional(Word), theirWord: Type.Optional(Word) };
export interface Words {
  readonly ourWord?: Word;
  readonly theirWord?: Word;
}

export const wordsOf = ({ ourWord, theirWord }: Words): Words => ({
  ...(ourWord === undefined ? {} : { ourWord }),
  ...(theirWord === undefined ? {} : { theirWord }),
});

/** What both sides' people have said alike; undefined while they have not, or will not. */
export function agreedHolder({ ourWord, theirWord }: Words): Holder | undefined {
  return ourWord?.round === theirWord?.round && ourWord?.holder === theirWord?.holder
    ? ourWord?.holder
    : undefined;
}

/** The round that this side may speak in now; undefined while its word stands. */
export function nextRound({ ourWord, theirWord }: Words): number | undefined {
  if (ourWord === undefined) return theirWord?.round ?? 1;
  if (theirWord === undefined || theirWord.round < ourWord.round) return undefined;
  // The partner goes on only from two words that it knows to differ.
  if (theirWord.round > ourWord.round) return theirWord.round;
  const next = ourWord.round + 1;
  return theirWord.holder === ourWord.holder || next > MOST_ROUNDS ? undefined : next;
}

/** Whether our own word forbids to act on a register that says `holder`. */
export function denies(words: Words, holder: Holder): boolean {
  const { ourWord, theirWord } = words;
  if (ourWord === undefined || ourWord.holder === holder) return false;
  const isDisputed =
    theirWord !== undefined &&
    (theirWord.round > ourWord.round ||
      (theirWord.round === ourWord.round && theirWord.holder !== ourWord.holder));
  return !isDisputed;
}

/** The partner's word: one of a round that is known already is an old one that comes late. */
export function heard<State extends Words>(state: State, theirWord: Word): State {
  return state.theirWord !== undefined && state.theirWord.round >= theirWord.round
    ? state
    : { ...state, theirWord };
}

/** Why a word cannot be given. */
export type WordRefusal =
  /** The hand-off does not wait for its witness, and never did. */
  | "nothing-to-resolve"
  /** This side has said the other thing, and the partner may yet agree with it. */
  | "word-given"
  /** This side has read the register: it says otherwise. */
  | "contradicts-witness";

/**
 * Whether a side may say that `holder` has it. `can` is what its phase leaves open: what is known from the witness cannot be said
 * otherwise, and what does not wait for it needs no word.
 */
export function wordRefusal(words: Words, can: readonly Holder[], holder: Holder): WordRefusal | undefined {
  if (can.length === 0) return "nothing-to-resolve";
  if (nextRound(words) === undefined) return words.ourWord?.holder === holder ? undefined : "word-given";
  return can.includes(holder) ? undefined : "contradicts-witness";
}

/** What a hand-off says that ended so. */
export const RESOLVED = "resolved by the accounts of both sides";
