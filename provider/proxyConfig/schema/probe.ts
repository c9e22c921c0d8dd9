import { z } from "zod";

const login = <Secret extends "password" | "token">(secret: Secret) =>
  z.strictObject(
    {
      user: z
        .string()
        .min(1, "is empty")
        .regex(/^[^:]*$/, "may hold no colon"),
      [secret]: z.string().min(1, "is empty"),
    } as { user: z.ZodString } & Record<Secret, z.ZodString>,
    `must be an object with user and ${secret}`,
  );

/** What to ask a proxy, with the faults that a user can make. */
export const probeSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "must be the http or https address that clients use" })
    .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), "may hold neither a query nor credentials")
    .optional(),
  address: z.string().min(1, "is empty").optional(),
  caFile: z.string().min(1, "is empty").optional(),
  insecure: z.boolean().default(false),
  credentials: login("password").optional(),
  apiToken: login("token").optional(),
  ssoCookie: z
    .string()
    .min(1, "is empty")
    .regex(/^[^\r\n]*$/, "may hold no line break")
    .optional(),
  requireIsolation: z.boolean().default(false),
  seconds: z.number().positive().max(3600).default(20),
});

/** What to ask a proxy, with defaults. */
export type Probe = z.output<typeof probeSchema>;
