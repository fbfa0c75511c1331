import type { Header } from '../core/types.ts';

/** What the sender of a request is told. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** An answer of our own: a line of text, or nothing. */
export function plainAnswer(status: number, message = ''): Answer {
  const body = Buffer.from(message === '' ? '' : `${message}\n`, 'utf8');
  return {
    status,
    headers: message === '' ? [] : [['Content-Type', 'text/plain; charset=utf-8']],
    body,
  };
}
