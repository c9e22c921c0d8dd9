import { z } from "zod";

const oneLine = (message: string) =>
  z
    .string()
    .min(1, message)
    .regex(/^[^\p{Cc}]*$/u, "may hold no line break or other control character");

const absolutePath = oneLine("is empty").regex(/^\/(?!.*\/$)/, "must be an absolute path of a file");

const command = z
  .array(
    oneLine("may hold no empty word"),
    'must be a list of words, such as ["systemctl", "reload", "nginx"]',
  )
  .min(1, 'is empty: leave it out for the default, or give ["true"] to have nothing done');

/** The shell of a ProxyCommand gets these: no character has a meaning to it. Colons and % are for IPv6. */
const hostOrAlias = /^([A-Za-z0-9_][A-Za-z0-9._-]*|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?\]?)$/;

const sshSchema = z.strictObject({
  host: oneLine("must name a host").regex(
    hostOrAlias,
    "must be the name of a host, an address, or an alias of letters, digits and . _ -",
  ),
  user: oneLine("is empty: leave it out for the user that ssh takes")
    .regex(
      /^[A-Za-z0-9_][A-Za-z0-9._@-]*$/,
      "must be letters, digits and . _ - @, and must not begin with a hyphen",
    )
    .optional(),
  port: z.number().int().min(1).max(65535).optional(),
  sudo: z.boolean().default(false),
  identityFile: oneLine("is empty").optional(),
  configFile: oneLine("is empty").optional(),
  knownHostsFile: oneLine("is empty").optional(),
  connectSeconds: z.number().positive().max(3600).default(10),
});

/** Where a configuration goes, and how its server takes it up. */
export const destinationSchema = z.strictObject({
  path: absolutePath,
  validate: command.optional(),
  reload: command.optional(),
  adopt: z.boolean().default(false),
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be an octal mode such as "0640"')
    .optional(),
  owner: oneLine("is empty")
    .regex(/^[\w.][\w.-]*$/, "must be the name or number of a user")
    .optional(),
  group: oneLine("is empty")
    .regex(/^[\w.][\w.-]*$/, "must be the name or number of a group")
    .optional(),
  commandSeconds: z.number().positive().max(3600).default(60),
  ssh: sshSchema.optional(),
});

/** A destination with its defaults. */
export type Destination = z.output<typeof destinationSchema>;

/** How another machine is reached, with defaults. */
export type SshSettings = z.output<typeof sshSchema>;
