import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { TestController } from "../controller/testController";

/** The folder that users copy. */
export const example = resolve(__dirname, "../../examples/gitops");

/** What each of the pipelines does. */
export type Job = "preview" | "up" | "drift" | "rotate";

/** A command as it stands in a pipeline's file, and the settings of the pipeline's store that it gets there. */
export interface Step {
  readonly command: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** A pipeline as its file describes it. */
export interface Pipeline {
  readonly system: "GitHub" | "GitLab" | "Jenkins";
  /** What the system runs commands with; the command comes after it. */
  readonly shell: readonly string[];
  readonly jobs: Readonly<Record<Job, readonly Step[]>>;
  /** The version of the engine. */
  readonly engine: string | undefined;
}

/** What the settings of a pipeline keep, by name. */
export type Store = Readonly<Record<string, string>>;

/** All pipelines of the example. */
export async function pipelines(store: Store, controller: TestController): Promise<Pipeline[]> {
  return [await github(store), await gitlab(store), await jenkins(store, controller)];
}

async function github(store: Store): Promise<Pipeline> {
  const { jobs, env, defaults } = parse(
    await readFile(join(example, ".github/workflows/jenkins-auth.yml"), "utf8"),
  );
  const settings = (texts: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ (?:secrets|vars)\.(\w+) \}\}/g, (_, key: string) => store[key] ?? ""),
      ]),
    );
  const stepsOf = (job: Job): Step[] =>
    (jobs[job].steps as { run?: string; env?: Record<string, string> }[]).flatMap(({ run, env }) =>
      run === undefined ? [] : [{ command: run, settings: settings(env) }],
    );
  return {
    system: "GitHub",
    // What `shell: bash` stands for.
    shell: [defaults.run.shell, "--noprofile", "--norc", "-eo", "pipefail", "-c"],
    jobs: {
      preview: stepsOf("preview"),
      up: stepsOf("up"),
      drift: stepsOf("drift"),
      rotate: stepsOf("rotate"),
    },
    engine: env.PULUMI_VERSION,
  };
}

async function gitlab(store: Store): Promise<Pipeline> {
  const pipeline = parse(await readFile(join(example, ".gitlab-ci.yml"), "utf8"));
  const stepsOf = (job: Job): Step[] =>
    [...pipeline.default.before_script, ...pipeline[job].script].map((command) => ({
      command,
      settings: store,
    }));
  return {
    system: "GitLab",
    shell: ["bash", "-eo", "pipefail", "-c"],
    jobs: {
      preview: stepsOf("preview"),
      up: stepsOf("up"),
      drift: stepsOf("drift"),
      rotate: stepsOf("rotate"),
    },
    engine: pipeline.variables.PULUMI_VERSION,
  };
}

async function jenkins(store: Store, controller: TestController): Promise<Pipeline> {
  const text = await readFile(join(example, "Jenkinsfile"), "utf8");
  const commands = await shellSteps(text, controller);
  // Jenkins tells every build its own address, which is not that of the controller to manage.
  const settings = { ...store, JENKINS_URL: "http://builds.invalid/" };
  const stepsOf = (stage: string): Step[] =>
    ["Install", stage].flatMap((name) => (commands[name] ?? []).map((command) => ({ command, settings })));
  return {
    system: "Jenkins",
    shell: ["sh", "-xec"],
    jobs: {
      preview: stepsOf("Preview"),
      up: stepsOf("Up"),
      drift: stepsOf("Drift"),
      rotate: stepsOf("Rotate"),
    },
    engine: /image 'pulumi\/[\w-]+:(.+)'/.exec(text)?.[1],
  };
}

/**
 * The commands of a Jenkinsfile, by the name of their stage.
 *
 * @throws Error with Groovy's words, if it is no Groovy.
 */
export async function shellSteps(
  jenkinsfile: string,
  controller: TestController,
): Promise<Record<string, string[]>> {
  const script = await readFile(join(__dirname, "shellSteps.groovy"), "utf8");
  const encoded = Buffer.from(jenkinsfile).toString("base64");
  return JSON.parse(await controller.groovy(script.replace("JENKINSFILE", encoded)));
}
