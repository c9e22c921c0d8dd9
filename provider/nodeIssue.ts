const { node, bun } = process.versions;
const [major = 0, minor = 0] = node.split(".").map(Number);
const isOlder = major < 22 || (major === 22 && minor < 19);

/** What is wrong with the runtime that this is loaded by; undefined if nothing is. */
export const nodeIssue = bun
  ? `pulumi-jenkins-auth needs Node 22.19 or later, and is run by Bun ${bun}, in which Pulumi has no dynamic providers. Set \`runtime: nodejs\` in Pulumi.yaml; Bun can still install the packages.`
  : isOlder
    ? `pulumi-jenkins-auth needs Node 22.19 or later, and is run by Node ${node} (${process.execPath}). Install a newer one, or put it first on the PATH, and run again.`
    : undefined;
