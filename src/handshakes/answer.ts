import type { HandshakeAnswer, Header } from '../core/types.ts';

/** A stranger's text is never to be read as a page. */
const TEXT: readonly Header[] = [
  ['Content-Type', 'text/plain'],
  ['X-Content-Type-Options', 'nosniff'],
];

export const textAnswer = (body: string): HandshakeAnswer => ({ status: 200, headers: TEXT, body });

export const jsonAnswer = (payload: unknown): HandshakeAnswer => ({
  status: 200,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify(payload),
});

export const emptyAnswer = (status: number, headers: readonly Header[] = []): HandshakeAnswer => ({
  status,
  headers,
  body: '',
});

/** Without a secret nobody can answer what asks for one. */
export const NO_SECRET: HandshakeAnswer = emptyAnswer(500);
