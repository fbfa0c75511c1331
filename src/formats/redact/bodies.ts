import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { headerValue, withoutHeader } from '../../core/headers.ts';
import type { Header } from '../../core/types.ts';
import { type Literal, rewriteJson } from './json-literals.ts';
import { byKey } from './key-rules.ts';
import type { StandIns } from './stand-ins.ts';
import type { Tally } from './tally.ts';
import type { TextRules } from './text-rules.ts';

/** What a compressed body may become; a bomb of it is left out. */
const MOST_DECODED = 64 * 1_048_576;
/** A JSON text within a JSON text within one. */
const DEEPEST = 4;

export interface Content {
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/** Puts personal data and secrets of bodies out of sight, by the form that the body has. */
export class BodyRules {
  readonly #text: TextRules;
  readonly #standIns: StandIns;
  readonly #tally: Tally;

  constructor(text: TextRules, standIns: StandIns, tally: Tally) {
    this.#text = text;
    this.#standIns = standIns;
    this.#tally = tally;
  }

  /** The content redacted; one that was compressed comes out plain. */
  apply(content: Content): Content {
    const coding = (headerValue(content.headers, 'content-encoding') ?? 'identity').toLowerCase();
    if (content.body.length === 0 || coding === 'identity') {
      return { ...content, body: this.#bytes(view(content.body), content.headers) };
    }
    const plain = decoded(view(content.body), coding);
    const headers = withoutHeader(content.headers, 'content-encoding');
    if (plain !== undefined) return { headers, body: this.#bytes(plain, headers) };
    // Who cannot look into it cannot say that nothing is in it.
    this.#tally.add('unreadable body');
    return { headers, body: Buffer.alloc(0) };
  }

  #bytes(bytes: Buffer, headers: readonly Header[]): Buffer {
    if (!isUtf8(bytes)) {
      return Buffer.from(this.#text.withoutSecrets(bytes.toString('latin1')), 'latin1');
    }
    const type = headerValue(headers, 'content-type') ?? '';
    return Buffer.from(
      this.text(bytes.toString('utf8'), /x-www-form-urlencoded/i.test(type)),
      'utf8',
    );
  }

  /** JSON by its members, a form by its fields, XML by its elements, and any text by its look. */
  text(text: string, isForm: boolean, depth = 0): string {
    if (isForm) return this.#form(text, depth);
    if (/^\s*[[{"]/.test(text)) {
      try {
        return rewriteJson(
          text,
          (literal) => this.#literal(literal, depth),
          (key) => this.#text.apply(key),
        );
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    return this.#text.apply(/^\s*</.test(text) ? this.#xml(text) : text);
  }

  #literal(literal: Literal, depth: number): unknown {
    const { value } = literal;
    const named = byKey(literal, this.#standIns);
    if (named !== undefined && !this.#isReserved(String(value), named.kind)) {
      if (named.value !== value) this.#tally.add(named.kind);
      return named.value;
    }
    return typeof value === 'string' ? this.#value(value, depth) : value;
  }

  /** Numbers and addresses that are nobody's are left as they are. */
  #isReserved(value: string, kind: string): boolean {
    return kind === 'phone' && this.#text.phone(value) === value;
  }

  #value(text: string, depth: number): string {
    if (isIP(text) !== 0) {
      const ip = this.#text.ip(text);
      if (ip !== text) this.#tally.add('IP address');
      return ip;
    }
    if (depth < DEEPEST && /^\s*[[{]/.test(text)) return this.text(text, false, depth + 1);
    return depth < DEEPEST ? this.#encoded(text, depth) : this.#text.apply(text);
  }

  /** What is XML or JSON in base64 is looked into. */
  #encoded(text: string, depth: number): string {
    if (/^(?:PD|ey|PH|Ww|ew)[A-Za-z0-9+/\s]{30,}={0,2}\s*$/.test(text)) {
      const bytes = Buffer.from(text, 'base64');
      const inside = bytes.toString('utf8');
      if (isUtf8(bytes) && /^\s*(?:<[?!\w]|[[{]\s*["{[])/.test(inside)) {
        const shown = this.text(inside, false, depth + 1);
        return shown === inside ? text : Buffer.from(shown, 'utf8').toString('base64');
      }
    }
    return this.#text.apply(text);
  }

  /** Only the fields that change are written anew; the others keep the spelling they have. */
  #form(text: string, depth: number): string {
    return text
      .split('&')
      .map((field) => {
        const [[key, value] = ['', '']] = new URLSearchParams(field);
        const literal = {
          key: key.replace(/.*\[(\w+)\]$/, '$1'),
          value,
          parent: {},
          parentKey: '',
        };
        const shown = this.#literal(literal, depth);
        return shown === value ? field : String(new URLSearchParams([[key, String(shown)]]));
      })
      .join('&');
  }

  #xml(text: string): string {
    return text.replace(
      /<([A-Za-z_][\w:.-]{0,80})((?:\s[^<>]{0,2000})?)>([^<]{1,4000})<\/\1>/g,
      (_, name: string, attributes: string, value: string) => {
        const key = name.replace(/^.*:/, '');
        const shown = this.#literal({ key, value, parent: {}, parentKey: '' }, DEEPEST);
        return `<${name}${attributes}>${String(shown)}</${name}>`;
      },
    );
  }
}

function decoded(bytes: Buffer, coding: string): Buffer | undefined {
  const options = { maxOutputLength: MOST_DECODED };
  try {
    if (coding === 'gzip' || coding === 'x-gzip') return gunzipSync(bytes, options);
    if (coding === 'deflate') return inflateSync(bytes, options);
    if (coding === 'br') return brotliDecompressSync(bytes, options);
  } catch {
    // Broken, or larger than it may be.
  }
  return undefined;
}

const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
