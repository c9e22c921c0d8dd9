import { createStack, type Stack } from "../stack/stack";
import type { RealmFixture } from "./realmFixture";

/** The text of a program with one SecurityRealm, whose arguments are given as a value. */
export function program(args: object): string {
  return `import { SecurityRealm } from "pulumi-jenkins-auth";
export const { className, previous, status, differences } = new SecurityRealm("realm", ${JSON.stringify(args)} as never);
`;
}

/** A stack with one SecurityRealm. At the end it is destroyed, and the realm from before is back. */
export async function deploy(
  fixture: RealmFixture,
  args: object,
  settings: Record<string, string> = fixture.settings,
): Promise<Stack> {
  const secrets = Object.entries(settings).map(([name, value]) => [`jenkins:${name}`, value]);
  return createStack({
    program: program(args),
    config: fixture.controller.config,
    secrets: Object.fromEntries(secrets),
    destroyOnDispose: true,
  });
}
