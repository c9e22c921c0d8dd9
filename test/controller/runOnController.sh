#!/usr/bin/env bash
# Runs the contract and the suites of the resources on the controller that TEST_CONTROLLER_URL, _USER and _PASSWORD
# (or _PASSWORD_FILE) name. Given test files, it runs those instead. What they share is there already: npm run
# test:controller prepares it and then calls this.
set -euo pipefail
shopt -s extglob
cd "$(dirname "$0")/../.."

if [ -n "${TEST_CONTROLLER_PASSWORD_FILE:-}" ]; then
  TEST_CONTROLLER_PASSWORD=$(<"$TEST_CONTROLLER_PASSWORD_FILE")
  export TEST_CONTROLLER_PASSWORD
fi
: "${TEST_CONTROLLER_URL:?}" "${TEST_CONTROLLER_USER:?}" "${TEST_CONTROLLER_PASSWORD:?}"

if [ $# -eq 0 ]; then
  set -- test/@(contract|client|apiToken|apiTokens|securityRealm|state|package)/!(*.unit).test.ts
fi
PATH=$PWD/node_modules/.bin:$PATH
node --import tsx --test --test-concurrency=2 --test-timeout=1200000 --test-reporter=./test/slowestFiles.mjs "$@"
