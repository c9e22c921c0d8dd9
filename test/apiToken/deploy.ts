import type { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack, type Stack } from "../stack/stack";

/** The text of a program that makes resources. */
export function program(resources: string): string {
  return `import { Config, output } from "@pulumi/pulumi";
import { ApiToken, ApiTokens } from "pulumi-jenkins-auth";
const config = new Config();
${resources}
`;
}

/** A stack of a program that makes these resources on a controller. At the end it is destroyed. */
export async function deploy(controller: ControllerUnderTest, resources: string): Promise<Stack> {
  return createStack({
    program: program(resources),
    config: controller.config,
    secrets: controller.secrets,
    destroyOnDispose: true,
  });
}
