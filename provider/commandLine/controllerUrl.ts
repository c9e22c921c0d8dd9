import { type ControllerChoice, type ReadConfiguration, settingsOf } from "../controller/settings";

/** The URL of the controller that a resource names or, without that, of the stack's; undefined if it is not known. */
export function controllerUrl(controller: unknown, configuration: ReadConfiguration): string | undefined {
  if (typeof controller === "object" && controller !== null) {
    const { url } = controller as { url?: unknown };
    return typeof url === "string" ? url.replace(/\/+$/, "") : undefined;
  }
  try {
    return settingsOf(controller as ControllerChoice, configuration, process.env).url;
  } catch {
    // What is wrong with the settings is told by the provider, which needs all of them.
    return undefined;
  }
}
