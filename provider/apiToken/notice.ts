/** What is worth saying of a token that was set. */
export interface Notice {
  readonly kind: "created" | "given a password" | "shared name" | "in use";
  /** In a sentence of its own. */
  readonly words: string;
}

/** Takes what is worth saying. */
export type Notify = (notice: Notice) => void;
