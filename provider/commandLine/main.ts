#!/usr/bin/env node
import { nodeIssue } from "../nodeIssue";

if (nodeIssue) {
  console.error(`error: ${nodeIssue}`);
  process.exitCode = 1;
} else {
  import("./program.js");
}
