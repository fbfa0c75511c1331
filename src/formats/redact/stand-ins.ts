import { createHmac, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

const GIVEN = [
  ...['Alex', 'Blair', 'Casey', 'Devon', 'Ellis', 'Finley', 'Gray', 'Harper', 'Indigo', 'Jordan'],
  ...['Kai', 'Lane', 'Morgan', 'Noel', 'Oakley', 'Parker', 'Quinn', 'Riley', 'Sage', 'Taylor'],
];
const FAMILY = 'Example';

/**
 * Believable values that belong to nobody. The same value gets the same one all over an export, and
 * nobody can find out by trying which value that was.
 */
export class StandIns {
  readonly #salt = randomBytes(16);

  email(value: string): string {
    return `person${this.#number(value.toLowerCase(), 1_000_000)}@example.com`;
  }

  given(value: string): string {
    return GIVEN[this.#number(value, GIVEN.length)] as string;
  }

  name(value: string): string {
    return `${this.given(value)} ${FAMILY}`;
  }

  userName(value: string): string {
    return `${this.given(value).toLowerCase()}-${this.#number(value, 10_000)}`;
  }

  readonly family = FAMILY;

  /** Of the numbers that North America keeps for fiction: 555-0100 to 555-0199. */
  phone(value: string): string {
    const digits = value.replace(/\D/g, '');
    const fiction = `1202555${String(100 + this.#number(digits, 100)).padStart(4, '0')}`;
    const count = digits.length;
    if (count === 10 || count === 11) return inForm(value, fiction.slice(-count));
    return `${/^[^\d+]*/.exec(value)?.[0] ?? ''}${value.includes('+') ? '+' : ''}${fiction}`;
  }

  /** Of the addresses for documentation: RFC 5737 and RFC 3849. */
  ip(value: string): string {
    const number = this.#number(value, 254) + 1;
    return isIP(value) === 6 ? `2001:db8::${number.toString(16)}` : `192.0.2.${number}`;
  }

  #number(value: string, below: number): number {
    return createHmac('sha256', this.#salt).update(value).digest().readUInt32BE() % below;
  }
}

/** The digits put where those of the text are. */
function inForm(text: string, digits: string): string {
  let at = 0;
  return text.replace(/\d/g, () => digits[at++] ?? '0');
}
