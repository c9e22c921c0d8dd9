import { type CustomResourceOptions, dynamic, type Input, type Output } from "@pulumi/pulumi";

/** A text file, which a test can look at, edit and remove. */
export class Note extends dynamic.Resource {
  declare readonly text: Output<string>;
  /** The environment that the provider saw when it wrote the file. */
  declare readonly environment: Output<Record<string, string>>;

  constructor(name: string, args: NoteArgs, options?: CustomResourceOptions) {
    super(provider, name, { ...args, environment: undefined }, options, "standin", "Note");
  }
}

export interface NoteArgs {
  path: Input<string>;
  text: Input<string>;
  /** How long the provider takes to write the file. */
  seconds?: Input<number>;
}

const provider: dynamic.ResourceProvider = {
  configure: (request) => require("stand-in/provider/note").configure(request),
  check: (olds, news) => require("stand-in/provider/note").check(olds, news),
  diff: (id, olds, news) => require("stand-in/provider/note").diff(id, olds, news),
  create: (inputs) => require("stand-in/provider/note").create(inputs),
  read: (id, props) => require("stand-in/provider/note").read(id, props),
  update: (id, olds, news) => require("stand-in/provider/note").update(id, olds, news),
  delete: (id, props) => require("stand-in/provider/note").delete(id, props),
};
