/**
 * A matcher for a glob: `*` stands for any text, `?` for one character, everything else for
 * itself, case included. Never a regular expression, so no pattern can make it run away: the pieces
 * between the stars are looked for one after the other, each from where the last one ended.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] as string;
  if (pieces.length === 1) {
    return (text) => text.length === first.length && fits(text, first, 0);
  }
  const last = pieces[pieces.length - 1] as string;
  const between = pieces.slice(1, -1).filter((piece) => piece !== '');

  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !fits(text, first, 0) || !fits(text, last, end)) return false;
    let at = first.length;
    for (const piece of between) {
      const found = find(text, piece, at);
      // The leftmost place leaves the most room for what follows; no need to come back.
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}

function fits(text: string, piece: string, at: number): boolean {
  if (!piece.includes('?')) return text.startsWith(piece, at);
  for (let i = 0; i < piece.length; i++) {
    if (piece[i] !== '?' && piece[i] !== text[at + i]) return false;
  }
  return true;
}

function find(text: string, piece: string, from: number): number {
  if (!piece.includes('?')) return text.indexOf(piece, from);
  for (let at = from; at + piece.length <= text.length; at++) {
    if (fits(text, piece, at)) return at;
  }
  return -1;
}
