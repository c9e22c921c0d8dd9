import type { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack, type Stack, type StackOptions } from "../stack/stack";

/** The text of a program that makes resources. */
export function program(resources: string): string {
  return `import { Config, output } from "@pulumi/pulumi";
import { ApiToken, ApiTokens } from "pulumi-jenkins-auth";
const config = new Config();
${resources}
`;
}

/**
 * A stack of a program that makes these resources on a controller. At the end it is destroyed.
 *
 * @param options what is different about this stack
 */
export async function deploy(
  controller: ControllerUnderTest,
  resources: string,
  options: Partial<StackOptions> = {},
): Promise<Stack> {
  return createStack({
    program: program(resources),
    config: controller.config,
    secrets: controller.secrets,
    destroyOnDispose: true,
    ...options,
  });
}
