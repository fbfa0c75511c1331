/** A text of the same form in which no letter or digit is left: a digest stays hex, base64 stays base64. */
export function mask(text: string): string {
  if (/^[0-9a-f]{16,}$/i.test(text)) return '0'.repeat(text.length);
  return text.replace(/[A-Za-z0-9]/g, (letter) => (letter <= '9' ? '0' : 'x'));
}

/** Long enough to be a digest or a token, in hex or base64. */
const PROOF = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

/** What carries a proof, with its own names and times left: `t=1769860800,v1=0000…`. */
export function maskProof(text: string): string {
  const masked = text.replace(PROOF, mask);
  return masked === text ? mask(text) : masked;
}
