/** Something that is wrong with an argument, and the argument. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
