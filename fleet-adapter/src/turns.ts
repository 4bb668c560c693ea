/**
 * Runs tasks one after another: one that is handed in by another, as when a listener commands a vehicle, waits
 * until that one is done. A task that fails is reported and does not stop the others.
 */
export function turns(onFailure: (error: unknown) => void): (task: () => void) => void {
  const waiting: (() => void)[] = [];
  let running = false;
  return (task) => {
    waiting.push(task);
    if (running) return;
    running = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        next();
      } catch (error) {
        onFailure(error);
      }
    }
    running = false;
  };
}
