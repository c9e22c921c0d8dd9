import { createStack, type Stack } from "../stack/stack";
import { type SignOnFixture, users } from "./signOnFixture";

/** The text of a program with one SignOn, whose arguments are as the engine passes them, with the name among them. */
export function program({ name, ...args }: Record<string, unknown>): string {
  return `import { SignOn } from "pulumi-jenkins-auth";
export const { className, status, differences } = new SignOn("${name}", ${JSON.stringify(args)} as never);
`;
}

/** The text of a program with the same as two resources, of which the realm must be told where the proxy is. */
export function twoResources(fixture: SignOnFixture): string {
  const { name, proxy, realm, controller } = fixture.args();
  const confirm = { as: [{ user: "alice", password: users.alice, url: fixture.url }] };
  const text = JSON.stringify;
  return `import { ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";
const front = new ProxyConfig("${name}", ${text(proxy)} as never);
new SecurityRealm("realm", {
  realm: { ...${text(realm)}, headers: front.headers },
  confirm: ${text(confirm)},
  controller: ${text(controller)},
} as never, { dependsOn: front });
`;
}

/** A stack of a program. At its end it is destroyed. */
export function deploy({ controller }: SignOnFixture, text: string): Promise<Stack> {
  return createStack({ program: text, config: controller.config, destroyOnDispose: true });
}
