/**
 * The candidates a mistyped word may have meant, best first: those that begin with it (or have a
 * part that does), then those a few slips of the keyboard away. Case does not count.
 *
 * @param max how many to return at most
 */
export function nearest(word: string, candidates: readonly string[], max = 3): string[] {
  const wanted = word.toLowerCase();
  if (wanted === '') return [];
  // One slip in four letters still looks like the same word; more looks like another one.
  const bearable = Math.max(1, Math.min(6, Math.ceil(wanted.length / 4)));
  const ranked: { candidate: string; rank: number }[] = [];
  for (const candidate of candidates) {
    const rank = rankOf(wanted, candidate.toLowerCase(), bearable);
    if (rank !== undefined) ranked.push({ candidate, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.candidate < b.candidate ? -1 : 1));
  return ranked.slice(0, max).map(({ candidate }) => candidate);
}

function rankOf(wanted: string, name: string, bearable: number): number | undefined {
  if (name === wanted) return 0;
  const slips = distanceWithin(wanted, name, bearable);
  // A single slip beats a mere beginning: `pign` means ping.
  if (slips === 1) return 1;
  if (wanted.length < 2) return slips;
  if (name.startsWith(wanted)) return 2;
  const parts = name.split(/[._:/-]/);
  if (parts.some((part) => part.startsWith(wanted))) return 3;
  const slipsInPart = parts.map((part) => distanceWithin(wanted, part, bearable) ?? Infinity);
  const rank = Math.min(2 + (slips ?? Infinity), 3 + Math.min(...slipsInPart));
  return rank === Infinity ? undefined : rank;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
 * (optimal string alignment), or undefined when it takes more than `most`.
 */
function distanceWithin(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most) return undefined;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (above[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (above[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      row.push(cost);
    }
    before = above;
    above = row;
  }
  const distance = above[b.length] as number;
  return distance <= most ? distance : undefined;
}
