import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { routeTo } from "../../provider/controller/forwardProxy";
import { ConfigurationError } from "../../provider/errors";
import { builtProgram } from "../goPrograms/goProgram";

interface Question {
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
}

const PROXY = "http://proxy.example.com:3128";

/** A list of exceptions, and the URLs that are asked about it. */
const exceptions: readonly (readonly [noProxy: string, ...urls: string[]])[] = [
  ["", "http://ci.example.com", "http://10.99.0.1", "http://[2001:db8::1]:8080/jenkins"],
  ["*", "http://ci.example.com", "http://10.99.0.1", "http://[2001:db8::1]"],
  ["example.net, *", "http://ci.example.com"],
  ["*,example.net", "http://ci.example.com"],
  ["*:8080", "http://ci.example.com:8080", "http://10.99.0.1:8080"],
  // Networks, of both families.
  [
    "localhost,127.0.0.1,10.0.0.0/8",
    ...["http://10.99.0.1", "http://10.255.255.255:8080", "http://11.0.0.1", "http://ci.example.com"],
    ...["http://[::ffff:10.1.2.3]", "http://[2001:db8::1]"],
  ],
  ["10.1.2.3/8", "http://10.200.0.1"],
  ["10.0.0.0/33", "http://10.0.0.1"],
  ["10.0.0.0/08", "http://10.0.0.1"],
  ["010.0.0.0/8", "http://10.0.0.1"],
  ["10.0.0.0/8:80", "http://10.0.0.1"],
  ["192.168.7.0/25", "http://192.168.7.127", "http://192.168.7.128"],
  ["0.0.0.0/0", "http://203.0.113.9", "http://[2001:db8::1]", "http://[::ffff:203.0.113.9]"],
  ["::/0", "http://203.0.113.9", "http://[2001:db8::1]", "http://[::ffff:203.0.113.9]"],
  ["2001:db8::/32", "http://[2001:db8:1::2]", "http://[2001:db9::1]", "http://32.1.13.184"],
  ["fe80::/10,fd00::/8", "http://[fe80::1]", "http://[fdff::1]:8080", "http://[2001:db8::1]"],
  ["[2001:db8::]/32", "http://[2001:db8::1]"],
  ["::ffff:10.0.0.0/104", "http://10.1.2.3", "http://[::ffff:10.1.2.3]", "http://11.0.0.1"],
  // Addresses, with ports and without.
  [
    "10.99.0.1",
    "http://10.99.0.1",
    "http://10.99.0.1:8080",
    "http://10.99.0.10",
    "http://x.10.99.0.1.example",
  ],
  ["10.99.0.1:8080", "http://10.99.0.1:8080", "http://10.99.0.1"],
  ["10.99.0.1:80", "http://10.99.0.1", "http://10.99.0.1:80", "https://10.99.0.1"],
  ["10.99.0.1:", "http://10.99.0.1"],
  ["2001:db8::1", "http://[2001:db8::1]", "http://[2001:db8:0:0::1]:8080", "http://[2001:db8::2]"],
  ["[2001:db8::1]", "http://[2001:db8::1]"],
  ["[2001:db8::1]:8080", "http://[2001:db8::1]:8080", "http://[2001:db8::1]"],
  ["::ffff:10.99.0.1", "http://10.99.0.1"],
  ["10.99", "http://10.99.0.1"],
  // Names: with their subdomains, with a leading dot the subdomains alone.
  [
    "example.com",
    "http://example.com",
    "http://ci.example.com",
    "http://a.b.example.com",
    "http://anexample.com",
  ],
  [".example.com", "http://example.com", "http://ci.example.com", "http://anexample.com"],
  ["*.example.com", "http://example.com", "http://ci.example.com"],
  ["ci*.example.com", "http://ci1.example.com"],
  ["EXAMPLE.com", "http://ci.Example.COM"],
  ["example.com:8443", "https://ci.example.com:8443", "https://ci.example.com"],
  ["example.com:443", "https://ci.example.com", "https://ci.example.com:443", "http://ci.example.com"],
  [".example.com:80", "http://ci.example.com", "http://ci.example.com:8080"],
  ["example.com.", "http://ci.example.com", "http://ci.example.com."],
  ["com", "http://ci.example.com"],
  ["grüppe.example", "http://xn--grppe-lva.example", "http://ci.grüppe.example"],
  [".GRÜPPE.example", "http://ci.xn--grppe-lva.example", "http://grüppe.example"],
  // What is between, before and after the commas.
  [" example.com , 10.0.0.0/8 ", "http://ci.example.com", "http://10.0.0.1"],
  ["example.net example.com", "http://ci.example.com"],
  ["example.net;example.com", "http://ci.example.com"],
  [",,:80,example.com,", "http://ci.example.com", "http://ci.example.net"],
  [":80", "http://ci.example.com"],
  ["http://ci.example.com", "http://ci.example.com"],
  ["a:b:c", "http://ci.example.com"],
  ["[", "http://ci.example.com"],
];

/** What is never asked through a proxy, and what is like it. */
const loopback = [
  ...["http://localhost", "http://localhost:8080", "https://localhost", "http://localhost.example.com"],
  ...["http://127.0.0.1", "http://127.8.9.10:8080", "https://127.0.0.1", "http://128.0.0.1"],
  ...["http://[::1]:8080", "http://[::2]", "http://[::ffff:127.0.0.1]", "http://ip6-localhost"],
];

/** Variables beside each other, all of them for one http and one https URL. */
const variables: readonly Record<string, string>[] = [
  {},
  { http_proxy: PROXY },
  { HTTP_PROXY: PROXY },
  { https_proxy: PROXY },
  { HTTPS_PROXY: PROXY },
  { ALL_PROXY: PROXY, all_proxy: PROXY },
  { http_proxy: "http://lower.example.com", HTTP_PROXY: "http://upper.example.com" },
  { https_proxy: "http://lower.example.com", HTTPS_PROXY: "http://upper.example.com" },
  { http_proxy: "http://lower.example.com", HTTP_PROXY: "" },
  { http_proxy: PROXY, https_proxy: PROXY, no_proxy: "example.com", NO_PROXY: "example.net" },
  { http_proxy: PROXY, https_proxy: PROXY, no_proxy: "example.com", NO_PROXY: "" },
  { https_proxy: PROXY, REQUEST_METHOD: "GET", http_proxy: "", HTTP_PROXY: "" },
  // The forms of a value: with a scheme and without, with credentials, with a path.
  ...["proxy.example.com:3128", "127.0.0.1:3128", "proxy", "[::1]:3128", "https://proxy.example.com"].map(
    (value) => ({ http_proxy: value, https_proxy: value }),
  ),
  { http_proxy: "http://user:p%40ss@proxy.example.com:3128/path" },
  { http_proxy: "user:pass@proxy.example.com:3128" },
];

const questions: readonly Question[] = [
  ...exceptions.flatMap(([noProxy, ...urls]) =>
    urls.map((url) => ({ url, environment: { http_proxy: PROXY, https_proxy: PROXY, no_proxy: noProxy } })),
  ),
  ...loopback.map((url) => ({ url, environment: { http_proxy: PROXY, https_proxy: PROXY } })),
  ...variables.flatMap((environment) =>
    ["http://ci.example.com", "https://ci.example.com"].map((url) => ({ url, environment })),
  ),
];

test("which proxy is taken, and when none is, agrees with Go for all tables of variables and URLs", async () => {
  const program = await builtProgram({
    folder: join(__dirname, "../goPrograms/httpproxy"),
    module: "golang.org/x/net",
    path: "pulumi-jenkins-auth/test/goPrograms/httpproxy",
  });
  assert.ok(questions.length > 130, `${questions.length} questions`);
  const byGo: string[] = JSON.parse(
    execFileSync(program, { input: JSON.stringify(questions), encoding: "utf8" }),
  );
  const ours = questions.map(({ url, environment }) => routeTo(url, environment).proxy?.origin ?? "");
  // A URL in JavaScript leaves out what Go keeps: the port that its scheme has anyway.
  const normal = (origin: string) => (origin ? new URL(origin).origin : "");
  const disagreements = questions.flatMap((question, index) =>
    normal(byGo[index] ?? "") === ours[index] ? [] : [{ ...question, go: byGo[index], ours: ours[index] }],
  );
  assert.deepEqual(disagreements, []);
  assert.ok(byGo.includes("") && byGo.includes(PROXY));
});

describe("beside the rules of Go", () => {
  const of = (environment: NodeJS.ProcessEnv, url = "http://ci.example.com") => routeTo(url, environment);

  test("a CGI program takes no proxy from HTTP_PROXY, which a client can set, but from http_proxy", () => {
    assert.equal(of({ HTTP_PROXY: PROXY, REQUEST_METHOD: "GET" }).proxy, undefined);
    assert.equal(
      of({ HTTP_PROXY: "http://evil.example", http_proxy: PROXY, REQUEST_METHOD: "GET" }).proxy?.origin,
      PROXY,
    );
    assert.equal(
      of({ HTTPS_PROXY: PROXY, REQUEST_METHOD: "GET" }, "https://ci.example.com").proxy?.origin,
      PROXY,
    );
  });

  test("the variable is named as it is spelt, and why a proxy that is set is not used", () => {
    assert.equal(of({ HTTP_PROXY: PROXY, http_proxy: PROXY }).proxy?.variable, "HTTP_PROXY");
    assert.equal(of({ http_proxy: PROXY }).proxy?.variable, "http_proxy");
    assert.deepEqual(of({ http_proxy: PROXY, NO_PROXY: "10.0.0.0/8" }, "http://10.99.0.1"), {
      because: "NO_PROXY excludes it from http_proxy by 10.0.0.0/8",
    });
    assert.deepEqual(of({ http_proxy: PROXY }, "http://127.0.0.1:8080"), {
      because: "http_proxy is never used for the loopback interface",
    });
    assert.deepEqual(of({}), {});
  });

  test("credentials of a proxy are decoded, and no part of its address", () => {
    const { proxy } = of({ http_proxy: "http://user:p%40ss%3A1@proxy.example.com:3128" });
    assert.equal(proxy?.origin, PROXY);
    assert.deepEqual(proxy?.login, { user: "user", password: "p@ss:1" });
    const percent = of({ http_proxy: "http://user:100%@proxy.example.com:3128" });
    assert.deepEqual(percent.proxy?.login, { user: "user", password: "100%" });
  });

  for (const value of [
    "socks5://user:hush-hush@proxy:1080",
    "ftp://hush-hush@proxy",
    "http://",
    "http://hush-hush@:x",
    "http://DOMAIN\\user:hush-hush@proxy:3128",
    "DOMAIN\\user:hush-hush@proxy:3128",
    "http://user:12#hush-hush@proxy:3128",
    "http://user:12/hush-hush@proxy:3128",
    "http://user?hush-hush@proxy",
    "http://proxy\\hush-hush",
    "///proxy@hush-hush",
  ]) {
    test(`a value that is no http proxy is a plain error without its password: ${value.replace(/hush.*/, "")}`, () => {
      assert.throws(
        () => of({ http_proxy: value }),
        (error: Error) =>
          error instanceof ConfigurationError &&
          /^http_proxy names no proxy that can be used/.test(error.message) &&
          !error.message.includes("hush"),
      );
      // Where it does not apply it does no harm.
      assert.equal(of({ http_proxy: value }, "http://localhost").proxy, undefined);
    });
  }
});
