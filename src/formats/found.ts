import type { CapturedEvent, Delivery, Provider, RawRequest } from '../core/types.ts';

/** What one JSON text of an imported file is. */
export type Found =
  /** An event that hookcli captured, with what was done with it. */
  | {
      readonly kind: 'ours';
      readonly event: CapturedEvent;
      readonly deliveries: readonly Delivery[];
    }
  /** One HAR entry of such an event; those that follow may be of the same. */
  | {
      readonly kind: 'part';
      readonly event: CapturedEvent;
      readonly part: DeliveryPart | undefined;
    }
  /** A request that others saw or wrote down. */
  | Theirs
  /** A delivery of an event that the file told of before. */
  | { readonly kind: 'delivery'; readonly eventId: string; readonly value: object }
  /** Something else that belongs to such a file. */
  | { readonly kind: 'other' };

export interface Theirs {
  readonly kind: 'theirs';
  readonly request: RawRequest;
  /** Absent when the file does not tell. */
  readonly at?: Date;
  /** Absent when it is to be recognised by the request. */
  readonly provider?: Provider;
  /** True for a payload without the request it came with, so without a signature. */
  readonly isBare?: boolean;
  readonly deliveries: readonly Delivery[];
}

/** One attempt of the delivery with this number, counted from 0. */
export interface DeliveryPart extends Delivery {
  readonly number: number;
}
