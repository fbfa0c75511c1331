import type { IEvents } from '@paddle/paddle-node-sdk';
import type { TypeJudge } from './type-judge.ts';
import type { Wire } from './wire.ts';

interface TaxRate {
  tax_rate: string;
  totals: { subtotal: string; tax: string; total: string };
}

/** What Paddle sends and the Node SDK does not read; paddle-python-sdk does (2026-11). */
type Unread =
  | { like: { tax_category: string }; are: { updated_at?: string } }
  | {
      like: { tax_mode: string };
      are: { created_at?: string; updated_at?: string; import_meta?: null };
    }
  | {
      like: { action: string; transaction_id: string };
      are: { tax_rates_used?: TaxRate[] };
    };

export type Body<Event extends string> = Extract<Wire<IEvents, Unread>, { event_type: Event }>;

export const paddle: TypeJudge = {
  provider: 'paddle',
  packages: ['@paddle/paddle-node-sdk'],
  named: { event: 'transaction.completed', path: 'data.status' },
  anything: { 'data.custom_data': 'what the seller keeps there' },
  anyName: { 'data.custom_data': 'what the seller keeps there' },
};
