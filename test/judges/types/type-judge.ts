/**
 * What an SDK's types say about bodies. The file that exports one also exports the type `Body<Event>`,
 * which is what the compiler holds every fixture of the provider against.
 *
 * Paths are dotted; `*` stands for one step, whichever it is.
 */
export interface TypeJudge {
  /** A provider's id. */
  readonly provider: string;
  /** The packages the types come from, by their names on npm. */
  readonly packages: readonly string[];
  /** Places where the types let any value pass, below which nothing is checked, and why. */
  readonly anything?: Readonly<Record<string, string>>;
  /** Objects that may have members of any name, and why. */
  readonly anyName?: Readonly<Record<string, string>>;
  /** A place in the body of one event that may hold named values only. */
  readonly named: { readonly event: string; readonly path: string };
}
