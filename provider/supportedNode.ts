/** Loaded before everything else: what is loaded after it fails on an older Node in words that do not tell why. */
import { RunError } from "@pulumi/pulumi/errors";
import { nodeIssue } from "./nodeIssue";

if (nodeIssue) {
  // Pulumi shows this kind of error without a stack trace, and others print the stack alone.
  throw Object.assign(new RunError(nodeIssue), { stack: nodeIssue });
}
