const POLL_MS = 50;

/** Resolves with the first truthy answer of `condition`; fails after `ms`, saying `what` was awaited. */
export async function waitUntil(condition, { ms = 20_000, what = () => String(condition) } = {}) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
