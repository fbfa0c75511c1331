import { expect, it } from 'vitest';
import type { CapturedEvent } from '../../src/core/types.ts';
import { Duplicates } from '../../src/receive/duplicates.ts';
import { NOON, post } from '../helpers/requests.ts';

const event = (id: string, type: string): CapturedEvent => ({
  id,
  at: NOON,
  source: 'received',
  provider: 'adyen',
  type,
  eventId: '8515131751004933',
  verdict: { status: 'verified', scheme: 'adyen-item' },
  request: post(''),
});

it('tells apart what happens to one payment, all of which bears its id', () => {
  const duplicates = new Duplicates();
  expect(duplicates.firstOf(event('evt_1', 'NOTIFICATION_OF_CHARGEBACK'))).toBeUndefined();
  expect(duplicates.firstOf(event('evt_2', 'CHARGEBACK'))).toBeUndefined();
  expect(duplicates.firstOf(event('evt_3', 'CHARGEBACK'))).toBe('evt_2');
});
