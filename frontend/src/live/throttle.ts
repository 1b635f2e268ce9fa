/** Runs `work` at once and then at most once per `everyMs`, with a last run after the last call. */
export function throttle(work: () => void, everyMs: number): () => void {
  let due = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    timer = undefined;
    due = Date.now() + everyMs;
    work();
  };
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(run, Math.max(0, due - Date.now()));
  };
}
