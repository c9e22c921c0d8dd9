// Changes a sign-on as a provider does, in a process of its own that kills itself after one of its steps: a request that
// can change the controller, or what is done to a file or a server. It prints how many steps there were. It runs what
// `npm run build` made, since it is started for each step anew.
import { text } from "node:stream/consumers";
import { Connection } from "../../dist/controller/connection.js";
import { LocalMachine } from "../../dist/proxyConfig/destination/local.js";
import { update } from "../../dist/signOn/operations.js";

const { id, state, args, killAfter } = JSON.parse(await text(process.stdin));
let steps = 0;

/** @type {(prototype: object, name: string, counts?: (argument: any) => boolean) => void} */
function counting(prototype, name, counts = () => true) {
  const method = Reflect.get(prototype, name);
  /** @type {(this: unknown, ...args: unknown[]) => Promise<unknown>} */
  const counted = async function (...args) {
    const result = await method.apply(this, args);
    if (counts(args[0]) && ++steps === killAfter) process.kill(process.pid, "SIGKILL");
    return result;
  };
  Reflect.set(prototype, name, counted);
}

for (const name of ["write", "rename", "remove", "run"]) counting(LocalMachine.prototype, name);
counting(Connection.prototype, "ask", ({ form }) => form !== undefined);

await update(id, state, args);
console.log(steps);
