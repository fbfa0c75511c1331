import { headerValues } from '../core/headers.ts';
import type { RawRequest, RejectReason, Verdict } from '../core/types.ts';

export type Rejected = Extract<Verdict, { status: 'rejected' }>;

export function rejected(
  scheme: string,
  reason: RejectReason,
  detail: string,
  hint?: string,
): Rejected {
  return { status: 'rejected', scheme, reason, detail, ...(hint === undefined ? {} : { hint }) };
}

/** The verdict of a proof that was found good; says which secret matched when there are several. */
export function verified(scheme: string, secrets: readonly unknown[], matched: number): Verdict {
  if (secrets.length === 1) return { status: 'verified', scheme };
  return { status: 'verified', scheme, detail: `secret ${matched + 1} of ${secrets.length}` };
}

/** The one value of a header, or the rejection when it is absent, empty or there twice. */
export function soleHeader(
  request: RawRequest,
  name: string,
  scheme: string,
): { value: string } | Rejected {
  const values = headerValues(request.headers, name);
  if (values.length > 1) {
    return rejected(
      scheme,
      'ambiguous',
      `The ${name} header is there ${values.length} times.`,
      'A sender signs once. Look for a proxy that adds the header again.',
    );
  }
  const value = values[0];
  if (value === undefined) return rejected(scheme, 'missing', `There is no ${name} header.`);
  if (value === '') return rejected(scheme, 'malformed', `The ${name} header is empty.`);
  return { value };
}

/** How many characters of a stranger's text are worth repeating. */
export const excerpt = (text: string): string =>
  text.length <= 40 ? text : `${text.slice(0, 37)}...`;
