/** The middle of the values. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const atMost = (limit) => ({ text: `(at most ${limit})`, test: (ratio) => ratio <= limit });
export const atLeast = (limit) => ({
  text: `(at least ${limit})`,
  test: (ratio) => ratio >= limit,
});
