import { observeUserNow } from "../../apiToken/userObservation";
import { Controller } from "../../controller";
import { Connection } from "../../controller/connection";
import { withoutSecrets } from "../../controller/redaction";
import type { ControllerSettings } from "../../controller/settings";
import { ControllerError, NotJenkinsError, RefusedError, ScriptFailedError } from "../../errors";
import { observeRealm } from "../../securityRealm/observation";
import { standingOf } from "../../securityRealm/preflight";
import { clockFinding } from "./clock";
import { type Door, knock, reachableFinding } from "./door";
import { crumbsFinding, loginFinding, rightsFinding, tokenStoresFinding, usedCredential } from "./login";
import {
  configuredUrlFinding,
  headersFinding,
  identityHeaderFinding,
  MARKER,
  networkPathFinding,
  selfTestFinding,
} from "./path";
import { pluginFinding, plugins, realmFinding, realmOwnerFinding } from "./realms";
import { type Finding, failure, ok, type PreflightReport, reportOf, type Topic } from "./report";
import { viewFrom } from "./view";

/**
 * Finds out whether a controller can be managed with these settings. Nothing on it is changed. A token is used for one
 * script and for the self test of the proxy, and for nothing else.
 *
 * @throws ConfigurationError if a file that the settings name cannot be read.
 */
export async function preflight(settings: ControllerSettings): Promise<PreflightReport> {
  const connection = new Connection(settings);
  const findings: Finding[] = [networkPathFinding(connection.route)];
  let door: Door | undefined;
  try {
    door = await knock(settings, connection);
    findings.push(reachableFinding(settings.url, door));
    if (door.core) findings.push(ok("core", `Jenkins ${door.core}`));
    findings.unshift(...(await findingsInside(settings, connection, door)));
  } catch (error) {
    if (!(error instanceof ControllerError || error instanceof ScriptFailedError)) throw error;
    findings.unshift(...failures(settings, error, door));
    if (door?.clock) findings.push(clockFinding(door.clock, "the clock of what answers"));
  } finally {
    await connection.close();
  }
  return reportOf(settings.url, withoutSecretsIn(findings, settings));
}

/** All that takes rights to find out: in one request, but for the self test and what needs no rights. */
async function findingsInside(
  settings: ControllerSettings,
  connection: Connection,
  door: Door,
): Promise<Finding[]> {
  const marked = { ...settings, headers: { ...settings.headers, [MARKER]: "pulumi-jenkins-auth" } };
  const controller = new Controller(marked);
  try {
    const [view, standing, tokens, observation, ...pluginFindings] = await Promise.all([
      viewFrom(controller),
      standingOf(controller),
      attempt(observeUserNow(controller, settings.user ?? "")),
      attempt(observeRealm(controller)),
      ...(Object.keys(plugins) as (keyof typeof plugins)[]).map(async (topic) => {
        const finding = await attempt(pluginFinding(controller, topic));
        return finding instanceof ScriptFailedError ? scriptFailure(topic, finding) : finding;
      }),
    ]);
    return [
      ok("core", `Jenkins ${standing.core}`),
      loginFinding(settings, view, standing, tokens instanceof ScriptFailedError ? undefined : tokens),
      rightsFinding(standing),
      crumbsFinding(view),
      tokens instanceof ScriptFailedError
        ? scriptFailure("tokenStores", tokens)
        : tokenStoresFinding(tokens, view),
      ...(observation instanceof ScriptFailedError
        ? [scriptFailure("realm", observation)]
        : [realmFinding(observation), await identityHeaderFinding(settings, connection, observation.realm)]),
      realmOwnerFinding(standing),
      ...pluginFindings,
      configuredUrlFinding(settings, view),
      headersFinding(settings, view, door),
      clockFinding({ ...view, shown: view.now, granularity: 1 }, "the controller's clock"),
      await selfTestFinding(settings, connection, usedCredential(settings, view)),
    ];
  } finally {
    await controller.close();
  }
}

/** The result of a script, or its failure: one can fail alone, on a core that it is too new or too old for. */
function attempt<T>(result: Promise<T>): Promise<T | ScriptFailedError> {
  return result.catch((error: unknown) => {
    if (error instanceof ScriptFailedError) return error;
    throw error;
  });
}

function scriptFailure(topic: Topic, { operation, excerpt }: ScriptFailedError): Finding {
  return failure(
    topic,
    `failed to run the script "${operation}": ${excerpt.split("\n", 1)}`,
    "The core or a plugin may be too old or too new for it. See the controller's log.",
  );
}

/** What an error is, told by topic. */
function failures(
  { user, token, password }: ControllerSettings,
  error: ControllerError | ScriptFailedError,
  door: Door | undefined,
): Finding[] {
  if (error instanceof ScriptFailedError) return [scriptFailure("core", error)];
  const { found, remedy, excerpt } = error;
  if (error instanceof NotJenkinsError) {
    const shown = excerpt ? ` It begins: ${excerpt.split("\n", 1)}` : "";
    return [failure("core", found, `${remedy}${door ? "" : " No credentials were sent."}${shown}`)];
  }
  if (!(error instanceof RefusedError)) return [failure("reachable", found, remedy)];
  const guarded = door?.guard ? ` It may not be Jenkins who says so: ${door.guard}.` : "";
  switch (error.refusal) {
    case "permission":
      return [
        ok("login", `"${user}"`),
        failure(
          "administers",
          `lets in "${user}", who does not have ${error.permission ?? "the permission"} (${error.status})`,
          remedy,
        ),
      ];
    case "credentials": {
      const shown = [token !== undefined && "API token", password !== undefined && "password"];
      const what = shown.filter(Boolean).join(" and the ");
      const refused = `refused the ${what} of user "${user}" (${error.status}): wrong, revoked or expired`;
      const check =
        "Check the user too: jenkins:user, jenkins:token and jenkins:password of the stack, or JENKINS_USER_ID, JENKINS_API_TOKEN and JENKINS_PASSWORD of the environment.";
      return [failure("login", refused, check + guarded)];
    }
    default:
      return [failure("login", found, remedy + guarded)];
  }
}

/** A secret as short as a word would take words away. */
const SHORTEST_SECRET = 8;

/** The findings without what an answer may have repeated of the credentials. */
function withoutSecretsIn(
  findings: readonly Finding[],
  { token = "", password = "", cookie = "" }: ControllerSettings,
): Finding[] {
  const secrets = [token, password, cookie.replace(/^[^=]*=/, "")].filter(
    ({ length }) => length >= SHORTEST_SECRET,
  );
  return findings.map((finding) => ({
    ...finding,
    found: withoutSecrets(finding.found, secrets),
    ...(finding.remedy !== undefined && { remedy: withoutSecrets(finding.remedy, secrets) }),
  }));
}
