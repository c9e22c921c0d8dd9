// Prints what CHANGELOG.md says of the version that a tag names. Fails unless package.json has this version and the
// changelog a section of it, which has a date and says something.
import { readFileSync } from "node:fs";

const fail = (message) => {
  console.error(message);
  process.exit(1);
};

const [tag] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
if (tag !== `v${version}`)
  fail(`The tag is ${tag}, but package.json has the version ${version}: tag v${version}.`);

const sections = readFileSync("CHANGELOG.md", "utf8").split(/^(?=## )/m);
const section = sections.find((text) => text.startsWith(`## [${version}]`));
if (!section) fail(`CHANGELOG.md has no heading "## [${version}] - YYYY-MM-DD".`);

const [heading, ...lines] = section.split("\n");
if (!/\] - \d{4}-\d\d-\d\d$/.test(heading))
  fail(`CHANGELOG.md: "${heading}" lacks its date: "] - YYYY-MM-DD".`);

const notes = lines.join("\n").trim();
if (notes === "") fail(`CHANGELOG.md says nothing of ${version}.`);
console.log(notes);
