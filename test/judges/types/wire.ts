/**
 * What an SDK declares for values in memory, as JSON carries it: dates are text, enumerations are
 * their values, lists can be written to. It closes what SDKs leave open for versions yet to come:
 * only named values and kinds count, and an object with named members has no others.
 */
export type Wire<T, Amendments extends Amendment = never> = 0 extends 1 & T
  ? unknown
  : Part<Kinds<Values<T>>, Amendments>;

/** Objects that have what `like` has, at any depth, also have these members, or have them so. */
export interface Amendment {
  like: object;
  are: object;
}

type Part<T, A extends Amendment> = T extends string
  ? `${T}`
  : T extends number
    ? Value<T>
    : T extends boolean | null | undefined
      ? T
      : T extends Date
        ? string
        : T extends readonly (infer Item)[]
          ? Wire<Item, A>[]
          : T extends object
            ? Amended<{ [K in keyof T as Known<T, K>]: Member<K, T[K], A> }, A>
            : T;

/** The numbers of an enumeration; by themselves they would be open to any number. */
type Value<T extends number> = `${number}` extends `${T}`
  ? number
  : `${T}` extends `${infer N extends number}`
    ? N
    : never;

/** Flags are an enumeration as well, but they add up. */
type Member<K, T, A extends Amendment> = K extends 'flags' | `${string}_flags`
  ? T extends number
    ? number
    : Wire<T, A>
  : Wire<T, A>;

/** Of text with an escape for values yet to come, the named ones. */
type Values<T> = [NamedValue<T>] extends [never] ? T : NamedValue<T> | Exclude<T, string>;
type NamedValue<T> = T extends string ? (string extends T ? never : T) : never;

/** Of objects told apart by their `type`, with an escape for kinds yet to come, the named ones. */
type Kinds<T> = [NamedKind<T>] extends [never] ? T : NamedKind<T> | Exclude<T, { type: string }>;
type NamedKind<T> = T extends { type: infer Type extends string }
  ? string extends Type
    ? never
    : T
  : never;

/** Dictionaries keep their names; an object with members of its own loses the escape for others. */
type Known<T, K> = [keyof { [N in keyof T as Named<N>]: 0 }] extends [never] ? K : Named<K>;
type Named<K> = string extends K ? never : number extends K ? never : K;

type Amended<T, A extends Amendment> = [Additions<T, A>] extends [never]
  ? T
  : Omit<T, keyof All<Additions<T, A>>> & All<Additions<T, A>>;
type Additions<T, A> = A extends Amendment ? (T extends A['like'] ? A['are'] : never) : never;
type All<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer Every) => void
  ? Every
  : never;

/** The same where the provider writes null for what the SDK declares as left out. */
export type NullForAbsent<T> = T extends readonly (infer Item)[]
  ? NullForAbsent<Item>[]
  : T extends object
    ? { [K in keyof T]: NullForAbsent<T[K]> | (undefined extends T[K] ? null : never) }
    : T;
