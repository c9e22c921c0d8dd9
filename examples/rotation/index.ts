import { Config, dynamic, type Output } from "@pulumi/pulumi";
import { ApiToken } from "pulumi-jenkins-auth";

const config = new Config();

/** A file in which a client finds its token. It is replaced by a rename, so that no client reads half a token. */
class TokenFile extends dynamic.Resource {
  constructor(name: string, path: string, token: Output<string>) {
    const write = (inputs: { path: string; token: string }): void => {
      const { renameSync, writeFileSync } = require("node:fs");
      writeFileSync(`${inputs.path}.new`, inputs.token, { mode: 0o600 });
      renameSync(`${inputs.path}.new`, inputs.path);
    };
    super(
      {
        async create(inputs) {
          write(inputs);
          return { id: inputs.path, outs: inputs };
        },
        async update(_id, _olds, news) {
          write(news);
          return { outs: news };
        },
        async delete(_id, { path }) {
          require("node:fs").rmSync(path, { force: true });
        },
      },
      name,
      { path, token },
    );
  }
}

const deploy = new ApiToken("deploy", {
  user: "deploy",
  createUser: true,
  rotateAfterDays: config.getNumber("rotateAfterDays") ?? 90,
});

// Pulumi updates the file when the new token is there, and revokes the old token when the file is updated.
new TokenFile("file", config.require("path"), deploy.token);
