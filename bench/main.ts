import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loop } from "./alternatives/loops";
import { apiToken, apiTokens, doNothing } from "./alternatives/pulumi";
import { ansible, PACKAGES, pythonJenkins } from "./alternatives/python";
import { reconcileAlone } from "./alternatives/reconcileAlone";
import { surroundingsOf } from "./machine";
import { svg } from "./plot";
import { markdown, summary } from "./report";
import { Results } from "./results";
import { Subject } from "./subject";
import { outcomesIn } from "./targets";
import type { Contestant } from "./way";

const help = `Usage: npm run bench -- [options]

Measures what it costs to set and verify API tokens: with this provider, with a Pulumi provider that does nothing, and
with what people use instead (python-jenkins, Ansible, loops over the script console), all in turns and against the same
controller. Prints each figure and which promises are kept, and writes the report into bench/results.

  --quick          with 50 tokens, and each once: less than two minutes
  --rounds N       how often each is measured (default: 3, and 5 with one token)
  --results DIR    where the report goes (default: bench/results, with --quick bench/results/quick)
  --help

TEST_CONTROLLER_URL, TEST_CONTROLLER_USER and TEST_CONTROLLER_PASSWORD name a real controller. There the users and
tokens are removed at the end, and nobody counts script calls.
`;

/** How many tokens, and how often. Ansible is so slow that it is measured with few, and extrapolated. */
interface Plan {
  readonly rounds: ReadonlyMap<number, number>;
  readonly most: number;
  readonly ansible: number;
}

const plans: Record<"quick" | "full", Plan> = {
  quick: {
    rounds: new Map([[50, 1]]),
    most: 50,
    ansible: 5,
  },
  full: {
    rounds: new Map([
      [1, 5],
      [50, 3],
      [500, 3],
    ]),
    most: 500,
    ansible: 50,
  },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      rounds: { type: "string" },
      results: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const plan = values.quick ? plans.quick : plans.full;
  const found = [await pythonJenkins(), await ansible(plan.ansible)];
  const missing = found.flatMap((one) => ("missing" in one ? [one.missing] : []));
  const contestants = [doNothing, apiToken, apiTokens, reconcileAlone, loop(1), loop(8)];

  await using subject = await Subject.start(plan.most);
  const surroundings = await surroundingsOf(subject, Object.values(PACKAGES).join(", "));
  console.log(
    `Controller: ${surroundings.controller} at ${subject.url}; load ${surroundings["load before"]}`,
  );
  // What is compiled, cached and loaded once in a machine's life is no part of what is compared.
  for (const contestant of contestants) await measured(contestant, subject, 1);
  for (const one of found) {
    if ("missing" in one) continue;
    try {
      await measured(one.contestant, subject, 1);
      contestants.push(one.contestant);
    } catch (failure) {
      missing.push(`${one.contestant.ways[0]?.name}, which does not run here: ${(failure as Error).message}`);
    }
  }
  for (const line of missing) console.log(`Missing: ${line}`);

  const results = new Results();
  for (const [count, usual] of plan.rounds) {
    const rounds = values.rounds ? Number(values.rounds) : usual;
    for (let round = 0; round < rounds; round++) {
      for (const contestant of inTurns(contestants, round)) {
        const most = contestant.ways[0]?.most ?? count;
        const size = Math.min(count, most);
        if (size < count && plan.rounds.has(size)) continue;
        const costs = await measured(contestant, subject, size);
        for (const [index, way] of contestant.ways.entries()) {
          for (const cost of costs[index] ?? []) {
            results.add(way, size, cost);
            const scripts = cost.load ? `, ${cost.load.scripts} script calls` : "";
            console.log(
              `${size} tokens, round ${round + 1} of ${rounds}: ${way.step}, ${way.name}: ${cost.seconds.toFixed(2)} s${scripts}`,
            );
          }
        }
      }
    }
  }
  results.extrapolate(plan.most);

  const outcomes = outcomesIn(results);
  const folder = values.results ?? join(__dirname, "results", values.quick ? "quick" : "");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "README.md"), markdown(results, outcomes, missing, surroundings));
  await writeFile(join(folder, "cost.svg"), svg(results));
  console.log(`\n${summary(outcomes)}\n\nThe report is in ${folder}.`);
}

async function measured(contestant: Contestant, subject: Subject, count: number) {
  await subject.revokeAll();
  return contestant.run(subject, count);
}

/** Each round begins with another one, so that nobody always comes after the same neighbour. */
function inTurns<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

main().catch((error: Error) => {
  console.error(`\nThe bench failed: ${error.message}`);
  process.exitCode = 1;
});
