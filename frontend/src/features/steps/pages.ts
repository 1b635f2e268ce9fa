/** The pages of a list that is read from a number on. Pure. */

/** The last page that has something, by halving: `known` has, none after `most` does. */
export async function lastPage(known: number, most: number, has: (page: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [known, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await has(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a page begins, as an address says it: a multiple of its size. */
export function pageStart(text: string | null, size: number): number {
  const start = Number(text);
  return Number.isInteger(start) && start > 0 ? start - (start % size) : 0;
}
