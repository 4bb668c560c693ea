/** The exit code of a process that was asked to end (128 and the number of SIGTERM). */
const ABORTED = 143;

/** What a person at the terminal has asked of a run. */
export interface Interruption {
  /** Ctrl-C was pressed: what runs is to come to an end, and to be reported on as far as it is. */
  isAsked(): boolean;
  /** Stops listening. */
  close(): void;
}

/**
 * Listens to whoever wants this process to end: the first Ctrl-C asks for it, where that is of use; a second one, SIGTERM, or the end of the
 * process that started this one drop everything.
 * @param mayEndEarly what was done until then is of use
 * @param drop what must not be left behind; the process ends when it is done
 */
export function listenForInterruption(mayEndEarly: boolean, drop: () => Promise<unknown>): Interruption {
  let asked = false;
  const abort = (): void => void drop().finally(() => process.exit(ABORTED));
  const interrupt = (): void => {
    if (asked || !mayEndEarly) {
      abort();
      return;
    }
    asked = true;
    if (!process.connected)
      process.stderr.write("\nEnding here, and reporting on what was run. Ctrl-C again drops it.\n");
  };
  process.on("SIGINT", interrupt);
  process.once("SIGTERM", abort);
  process.once("disconnect", abort);
  return {
    isAsked: () => asked,
    close: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", abort);
      process.off("disconnect", abort);
    },
  };
}
