import { argumentFaults } from "./abilities";
import { shape } from "./arguments";

/** The arguments of a ProxyConfig, with the faults that a user can make. */
export const argumentsSchema = shape.superRefine((args, context) => {
  for (const { path, message } of argumentFaults(args)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});
