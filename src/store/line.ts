import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { LIMITS } from '../core/limits.ts';
import type { Attempt, CapturedEvent, Delivery, RecordedEvent } from '../core/types.ts';
import { eventHead, isoTime } from './record.ts';

/** What every record begins with; the quotes cannot occur inside a JSON string unescaped. */
export const EVENT_START = Buffer.from('{"kind":"event","id":"');
const DELIVERY_START = Buffer.from('{"kind":"delivery","id":"');
const START = Buffer.from('{"kind":"');
const SEAL = Buffer.from(',"crc":"');
/** `,"crc":"xxxxxxxx"}` */
const SEAL_BYTES = SEAL.length + 10;

const NON_ASCII = /[^\x00-\x7f]/;

const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const hex16 = (bits: number): string => bits.toString(16).padStart(4, '0');

/** In two halves: beyond 31 bits V8 writes hex by way of floating point, at five times the cost. */
export function crcOf(bytes: Uint8Array): string {
  const crc = crc32(bytes);
  return hex16(crc >>> 16) + hex16(crc & 0xffff);
}

/** JSON text whose UTF-8 bytes stand as one character each, to be written as latin1. */
function bytewise(json: string): string {
  return NON_ASCII.test(json) ? Buffer.from(json, 'utf8').toString('latin1') : json;
}

/**
 * The body member of a line. Valid UTF-8 goes through as it is, byte for byte: read as latin1 only
 * quotes, backslashes and control characters are escaped, at 0.6 of the cost of decoding it.
 */
function bodyMember(body: Uint8Array): string {
  const bytes = view(body);
  return isUtf8(bytes)
    ? `"body":${JSON.stringify(bytes.toString('latin1'))}`
    : `"bodyBase64":"${bytes.toString('base64')}"`;
}

/** Closes a record with the checksum over every byte before it, and a line feed. */
function seal(open: string): Buffer {
  const line = Buffer.allocUnsafe(open.length + SEAL_BYTES + 1);
  line.write(open, 0, 'latin1');
  const crc = crcOf(line.subarray(0, open.length));
  line.write(`,"crc":"${crc}"}\n`, open.length, 'latin1');
  return line;
}

/** True for a body that lies in a file of its own beside the record. */
export const isLargeBody = (event: CapturedEvent): boolean =>
  event.request.body.length > LIMITS.inlineBodyBytes;

/** One event as one line that can prove itself whole. */
export function encodeEvent(event: CapturedEvent): Buffer {
  const head = bytewise(JSON.stringify(eventHead(event, { request: true })).slice(0, -1));
  const { body } = event.request;
  const member = isLargeBody(event)
    ? `"bodyFile":"${event.id}","bodyBytes":${body.length},"bodyCrc":"${crcOf(body)}"`
    : bodyMember(body);
  return seal(`${head},${member}`);
}

function attemptText({ startedAt, durationMs, outcome }: Attempt): string {
  const head = `{"startedAt":"${isoTime(startedAt)}","ms":${durationMs}`;
  if (outcome.kind === 'failed') {
    const { failure, message } = outcome;
    return `${head},"failure":${JSON.stringify(failure)},"message":${bytewise(JSON.stringify(message))}}`;
  }
  const { status, headers, body } = outcome;
  const open = `${head},"status":${status},"headers":${bytewise(JSON.stringify(headers))}`;
  if (body.length <= LIMITS.recordedAnswerBytes) return `${open},${bodyMember(body)}}`;
  const cut = cutAnswer(body);
  return `${open},${bodyMember(cut)},"bodyTruncated":true,"bodyBytes":${body.length}}`;
}

/** The part of an answer that is kept; text is cut between two characters, not within one. */
export function cutAnswer(body: Uint8Array): Uint8Array {
  if (body.length <= LIMITS.recordedAnswerBytes) return body;
  let end: number = LIMITS.recordedAnswerBytes;
  while (end > LIMITS.recordedAnswerBytes - 4 && ((body[end] as number) & 0xc0) === 0x80) end--;
  const cut = body.subarray(0, end);
  return isUtf8(view(cut)) ? cut : body.subarray(0, LIMITS.recordedAnswerBytes);
}

/** One delivery of an event as one line that can prove itself whole. */
export function encodeDelivery(eventId: string, delivery: Delivery): Buffer {
  const { cause, endpoint, attempts } = delivery;
  const head = JSON.stringify({ kind: 'delivery', id: eventId, cause, endpoint }).slice(0, -1);
  return seal(`${bytewise(head)},"attempts":[${attempts.map(attemptText).join(',')}]`);
}

/** What an event and its deliveries take in a store, in bytes. */
export function recordedBytes(event: RecordedEvent): number {
  const beside = isLargeBody(event) ? event.request.body.length : 0;
  const deliveries = event.deliveries.map((delivery) => encodeDelivery(event.id, delivery).length);
  return deliveries.reduce((sum, bytes) => sum + bytes, encodeEvent(event).length + beside);
}

/** A record that has proved itself whole. `bytes` is its JSON, without the line feed. */
export interface WholeRecord {
  readonly kind: 'event' | 'delivery';
  readonly id: string;
  readonly bytes: Buffer;
  /** Where it begins in the line it was found in, in bytes. */
  readonly at: number;
}

const SEAL_END = Buffer.from('"}');

const isAt = (line: Buffer, bytes: Buffer, at: number): boolean =>
  line.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0;

function proven(line: Buffer, at: number, sealAt: number): WholeRecord | undefined {
  const end = sealAt + SEAL_BYTES;
  if (sealAt < at + DELIVERY_START.length || end > line.length) return undefined;
  if (!isAt(line, SEAL, sealAt) || !isAt(line, SEAL_END, end - SEAL_END.length)) return undefined;
  const told = line.toString('latin1', sealAt + SEAL.length, end - SEAL_END.length);
  if (told !== crcOf(line.subarray(at, sealAt))) return undefined;
  const isEvent = isAt(line, EVENT_START, at);
  if (!isEvent && !isAt(line, DELIVERY_START, at)) return undefined;
  const from = at + (isEvent ? EVENT_START : DELIVERY_START).length;
  const id = line.toString('latin1', from, line.indexOf(0x22, from));
  const bytes = at === 0 && end === line.length ? line : line.subarray(at, end);
  return { kind: isEvent ? 'event' : 'delivery', id, bytes, at };
}

/**
 * The whole records of one line of a segment, in order. Where a write was torn, a record may stand
 * glued behind a fragment, and damage may have eaten the line feed between two: each is found by
 * the words it begins with. `damaged` tells that something had to be left out.
 */
export function readLine(line: Buffer): { records: WholeRecord[]; damaged: boolean } {
  const sole = proven(line, 0, line.length - SEAL_BYTES);
  if (sole !== undefined) return { records: [sole], damaged: false };
  const records: WholeRecord[] = [];
  let covered = 0;
  let at = line.indexOf(START);
  while (at !== -1) {
    const sealAt = line.indexOf(SEAL, at);
    if (sealAt === -1) break;
    // A record begins once and is sealed once, so only the last beginning before a seal can be its own.
    let next = line.indexOf(START, at + 1);
    while (next !== -1 && next < sealAt) {
      at = next;
      next = line.indexOf(START, at + 1);
    }
    const record = proven(line, at, sealAt);
    if (record !== undefined) {
      records.push(record);
      covered += record.bytes.length;
    }
    at = next;
  }
  return { records, damaged: covered < line.length };
}
