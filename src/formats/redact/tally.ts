/** What was put out of sight. */
export type Kind =
  | 'header'
  | 'secret'
  | 'email'
  | 'phone'
  | 'name'
  | 'address'
  | 'IP address'
  | 'card'
  | 'personal number'
  | 'unreadable body';

const PLURAL: Readonly<Partial<Record<Kind, string>>> = {
  address: 'addresses',
  'IP address': 'IP addresses',
  'unreadable body': 'unreadable bodies',
};

/** Counts what was redacted. */
export class Tally {
  readonly counts = new Map<Kind, number>();

  add(kind: Kind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** `2 headers, 1 email`; undefined when there was nothing. */
  get text(): string | undefined {
    if (this.counts.size === 0) return undefined;
    return Array.from(this.counts, ([kind, count]) =>
      count === 1 ? `1 ${kind}` : `${count} ${PLURAL[kind] ?? `${kind}s`}`,
    ).join(', ');
  }
}
