import { createServer } from "node:http";
import { Provider } from "./provider.ts";
import { readSettings } from "./settings.ts";
import { siteOf } from "./site.ts";

const settings = readSettings(process.env);
const site = siteOf(settings, await Provider.connect(settings));

// Only for the proxy on this machine, which has the certificate.
const server = createServer({ requestTimeout: 10_000 }, site);
server.listen(settings.port, "127.0.0.1", () => {
  console.log(`${settings.publicUrl.origin} is served on 127.0.0.1:${settings.port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.close());
