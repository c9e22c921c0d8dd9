"""Sets the tokens of users with python-jenkins: one call of the script console for each."""

import json
import sys

import jenkins

order = json.load(sys.stdin)
server = jenkins.Jenkins(order["url"], username=order["user"], password=order["token"])
for script in order["scripts"]:
    answer = server.run_script(script)
    if "set and verified" not in answer:
        sys.exit(answer)
