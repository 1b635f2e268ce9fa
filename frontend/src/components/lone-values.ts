/** Values between gaps, which would be invisible as a line. Pure. */
export function loneValues(values: ArrayLike<number | null | undefined>): number[] {
  const known = (index: number): boolean => (values[index] ?? null) !== null;
  return Array.from(values, (_, index) => index).filter((index) => known(index) && !known(index - 1) && !known(index + 1));
}
