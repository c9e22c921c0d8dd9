import type { dynamic } from "@pulumi/pulumi";
import { ConfigurationError } from "../errors";
import { Controller } from "./controller";
import { type ControllerChoice, namesOf, type ReadConfiguration, settingsOf } from "./settings";

export { Controller, type Identity } from "./controller";
export type { Credential } from "./login";
export { type Operation, operationFrom, type Values } from "./script";
export { type ControllerChoice, controllerArgument, cookie } from "./settings";
export { refineUserId, userId } from "./userId";

let configuration: ReadConfiguration = () => undefined;
const controllers = new Map<string, Controller>();

/** Keeps the stack's configuration, which the engine gives once to each provider. Nothing is checked until it is used. */
export async function configure({ config }: Pick<dynamic.ConfigureRequest, "config">): Promise<void> {
  configuration = (key) => config.get(key);
}

/**
 * The controller that a resource chose. Resources that chose the same one share its connections, and their calls.
 *
 * @throws ConfigurationError if its settings are missing or unusable.
 */
export function controllerOf(choice: ControllerChoice): Controller {
  const settings = settingsOf(choice, configuration, process.env);
  const key = JSON.stringify(settings);
  const controller = controllers.get(key) ?? new Controller(settings);
  controllers.set(key, controller);
  return controller;
}

/** The controllers at an address that the run's configuration names: what it says of others is of no matter here. */
export function configuredAt(url: string): Controller[] {
  const choices = [undefined, ...namesOf(configuration)];
  return choices.flatMap((choice) => {
    try {
      const controller = controllerOf(choice);
      return controller.url === url ? [controller] : [];
    } catch (error) {
      if (error instanceof ConfigurationError) return [];
      throw error;
    }
  });
}
