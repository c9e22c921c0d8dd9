import { join } from "node:path";
import { builtProgram } from "./goProgram";

/** The program that checks workflows of GitHub Actions. Its exit status is 0 if it finds nothing. */
export async function actionlint(): Promise<string> {
  return await builtProgram({
    folder: join(__dirname, "actionlint"),
    module: "github.com/rhysd/actionlint",
    path: "github.com/rhysd/actionlint/cmd/actionlint",
  });
}

/** The program that reads a compose file by its schema, as Docker Compose does, and prints what it means (`-format json`). */
export async function compose(): Promise<string> {
  return await builtProgram({
    folder: join(__dirname, "compose"),
    module: "github.com/compose-spec/compose-go/v2",
    path: "github.com/compose-spec/compose-go/v2/cmd",
  });
}
