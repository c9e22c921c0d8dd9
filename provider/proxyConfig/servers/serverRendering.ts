/** A file that a configuration refers to: a list of passwords, of groups. */
export interface Companion {
  /** Where the configuration expects it: an absolute path. */
  readonly path: string;
  readonly content: string;
}

/** A configuration as its server reads it. */
export interface ServerRendering {
  /** The text of the configuration file. */
  readonly content: string;
  readonly companions: readonly Companion[];
}
