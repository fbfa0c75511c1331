import { isIP } from 'node:net';
import type { Literal } from './json-literals.ts';
import { mask } from './mask.ts';
import type { StandIns } from './stand-ins.ts';
import type { Kind } from './tally.ts';

/** `firstName`, `First-Name` and `first_name` are one name. */
export const plainKey = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();

type Scalar = string | number;

interface Rule {
  readonly kind: Kind;
  readonly key: RegExp;
  /** The value is left as it is where this does not hold. */
  readonly fits?: (value: string, literal: Literal) => boolean;
  readonly standIn: (value: string, standIns: StandIns) => string;
}

const PERSON =
  /^(?:customer|user|sender|recipient|author|owner|member|assignee|creator|contact|person|individual|payer|buyer|cardholder|committer|pusher|profile|from|to|reporter|requester|billing(?:_details|_address)?|shipping(?:_details|_address)?|default_address|(?:created|updated|invited)_by)$/;
const OF_PERSON =
  /^(?:e_?mail|email_address|phone|phone_number|first_name|last_name|given_name|family_name|address|login|username|birth(?:day|date|_date)?)$/;

/** A name is a person's where other things of a person stand beside it, or around it. */
const isOfPerson = (_: string, { parent, parentKey }: Literal): boolean =>
  PERSON.test(plainKey(parentKey)) ||
  Object.keys(parent).some((key) => OF_PERSON.test(plainKey(key)));

const digitsOf = (value: string): string => value.replace(/\D/g, '');
const zeros = (value: string): string => value.replace(/\d/g, '0').replace(/[A-Za-z]/g, 'X');

const RULES: readonly Rule[] = [
  {
    kind: 'secret',
    key: /(?:^|_)(?:password|passwd|passcode|secret|token|api_?key|access_?key|private_?key|signature|credentials?|authorization)$|^(?:cvc2?|cvv2?|security_code)$/,
    standIn: mask,
  },
  {
    kind: 'phone',
    key: /(?:^|_)(?:phone|mobile|cell|telephone|tel|fax|msisdn|whatsapp|wa_id)(?:_?(?:number|no|e164))?$/,
    fits: (value) => digitsOf(value).length >= 7,
    standIn: (value, standIns) => standIns.phone(value),
  },
  {
    // Of messages; longer numbers there are ids.
    kind: 'phone',
    key: /^(?:from|to)$/,
    fits: (value) => /^\d{10,13}$/.test(value),
    standIn: (value, standIns) => standIns.phone(value),
  },
  {
    kind: 'name',
    key: /(?:^|_)(?:first|given|middle)_?name$/,
    standIn: (value, standIns) => standIns.given(value),
  },
  {
    kind: 'name',
    key: /(?:^|_)(?:last_?name|family_?name|surname|maiden_name)$/,
    standIn: (_, { family }) => family,
  },
  {
    kind: 'name',
    key: /^(?:user_?name|nick_?name|nick|screen_name)$/,
    standIn: (value, standIns) => standIns.userName(value),
  },
  {
    kind: 'name',
    key: /^(?:full|real|display|global|profile|customer|contact|recipient|sender|billing|shipping|owner|author|caller|card_?holder|holder|account_holder)_?name$|^card_?holder$/,
    // A repository's `full_name` is none of a person.
    fits: (value) => !value.includes('/'),
    standIn: (value, standIns) => standIns.name(value),
  },
  { kind: 'name', key: /^name$/, fits: isOfPerson, standIn: (value, ids) => ids.name(value) },
  {
    kind: 'address',
    key: /^(?:address_?)?(?:line_?1|1|street)$|^street_?(?:address|name|line_?1)$|^address(?:_line)?_?1?$/,
    fits: (value) => isIP(value) === 0 && !value.includes('@') && !/^0x|:\/\//.test(value),
    standIn: () => '1 Example Street',
  },
  {
    kind: 'address',
    key: /^(?:address_?)?(?:line_?[234]|[234])$|^street_?line_?2$|^address(?:_line)?_?[234]$/,
    standIn: () => 'Unit 1',
  },
  { kind: 'address', key: /(?:^|_)(?:city|town|locality|suburb)$/, standIn: () => 'Exampleville' },
  { kind: 'address', key: /(?:^|_)(?:postal_?code|post_?code|zip(?:_?code)?)$/, standIn: zeros },
  { kind: 'address', key: /(?:^|_)house_?number(?:_or_name)?$/, standIn: () => '1' },
  { kind: 'address', key: /^(?:lat|latitude|lng|lon|longitude)$/, standIn: () => '0' },
  {
    kind: 'card',
    key: /(?:^|_)last_?(?:4|four|digits)$|^card_?summary$/,
    fits: (value) => /^\d+$/.test(value),
    standIn: (value) => '4242'.repeat(4).slice(0, value.length),
  },
  {
    kind: 'card',
    key: /(?:^|_)(?:card|pan|cc|number|card_?number|account_?number|masked_pan|bin|iin)$/,
    fits: (value) => isCard(value),
    standIn: asTestCard,
  },
  {
    kind: 'personal number',
    key: /(?:^|_)(?:iban|routing_number|sort_code|ssn|national_id|tax_id|passport(?:_number)?|id_number|account_number)$/,
    fits: (value) => digitsOf(value).length >= 4,
    standIn: zeros,
  },
  {
    kind: 'personal number',
    key: /^(?:dob|birth_?da(?:y|te)|date_of_birth)$/,
    fits: (value) => /^\d{4}-\d\d-\d\d/.test(value),
    standIn: (value) => `1990-01-01${value.slice(10)}`,
  },
];

/** Digits of a card, whole and right by their check digit, or with most of them hidden already. */
function isCard(value: string): boolean {
  const shown = value.replace(/[ -]/g, '');
  if (/^\d{4,8}[x*\u2022]{4,11}\d{2,4}$/i.test(shown)) return true;
  if (!/^\d{13,19}$/.test(shown)) return false;
  let sum = 0;
  for (const [i, digit] of [...shown].reverse().entries()) {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The number that card networks' test systems know, in the form of the one given. */
function asTestCard(value: string): string {
  let at = 0;
  const count = digitsOf(value).length;
  // 16 digits of it are right by their check digit, however many are asked for.
  const digits = '4242'.repeat(5).slice(0, count);
  return value.replace(/\d/g, () => digits[at++] as string);
}

/** What stands in for a value because of its name; undefined when the name says nothing. */
export function byKey(
  literal: Literal,
  standIns: StandIns,
): { readonly kind: Kind; readonly value: Scalar } | undefined {
  const { value } = literal;
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return undefined;
  const text = String(value);
  const key = plainKey(literal.key);
  const rule = RULES.find(
    ({ key: pattern, fits }) => pattern.test(key) && (fits?.(text, literal) ?? true),
  );
  if (rule === undefined) return undefined;
  const shown = rule.standIn(text, standIns);
  if (typeof value === 'string') return { kind: rule.kind, value: shown };
  // A number stays one, and in JSON begins with no 0.
  const number = Number(shown.replace(/^0+(?=\d)/, '') || '0');
  return Number.isNaN(number) ? undefined : { kind: rule.kind, value: number };
}
