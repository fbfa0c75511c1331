/** Below this many characters a secret is a word that any text may hold. */
const SHORTEST = 6;

/** The forms in which a secret may stand in what is exported: plain, without its prefix, encoded. */
export function secretTexts(secrets: Iterable<string>): string[] {
  const texts = new Set<string>();
  for (const secret of secrets) {
    const bare = /^[a-z]+_(.+)$/s.exec(secret)?.[1];
    for (const text of [secret, bare]) {
      if (text === undefined || text.length < SHORTEST) continue;
      const bytes = Buffer.from(text, 'utf8');
      texts.add(text);
      texts.add(JSON.stringify(text).slice(1, -1));
      texts.add(encodeURIComponent(text));
      texts.add(bytes.toString('base64').replace(/=+$/, ''));
      texts.add(bytes.toString('base64url'));
      texts.add(bytes.toString('hex'));
      texts.add(bytes.toString('hex').toUpperCase());
    }
  }
  // Of one within another, the longer must be found first.
  return [...texts].sort((a, b) => b.length - a.length);
}
