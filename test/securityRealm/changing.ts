/** Changes a realm as a provider does, in a process of its own, so that it can be killed. */
import { text } from "node:stream/consumers";
import { create } from "../../provider/securityRealm/operations";

text(process.stdin).then((args) => create(JSON.parse(args)));
