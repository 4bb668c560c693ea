/** Redis gave no answer: it is not known whether what was asked has happened, and it may be asked again. */
export class StoreUnreachable extends Error {
  override readonly name = "StoreUnreachable";
}

/** Errors by which Redis says that it cannot answer now: it is loading, has no master, or is being failed over. */
const NOT_NOW = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY)\b/;

/**
 * What Redis answered. Without an answer (no connection, one that broke, one that took too long) it throws
 * `StoreUnreachable`; an answer that is an error of another kind is a bug here, and stays what it is.
 */
export async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ReplyError" && !NOT_NOW.test(cause.message)) throw cause;
    throw new StoreUnreachable(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
