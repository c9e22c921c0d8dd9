import { visible } from "../../apiToken/listing";
import type { ListedToken, TokensReport } from "./report";

type Column = readonly [title: string, cell: (token: ListedToken) => string];

/** A report for people: how many tokens there are, then a row for each that is listed. */
export function tableOf(report: TokensReport): string {
  const { outcome, tokens } = report;
  if (outcome === "could not look") return "The tokens could not be listed.\n";
  const rows = tokens.length > 0 ? ["", ...rowsOf(tokens, columnsFor(report))] : [];
  return [summaryOf(report), ...rows, ""].join("\n");
}

function summaryOf({ url, outcome, tokens, total }: TokensReport): string {
  const all = `${total?.tokens} tokens of ${total?.users} users`;
  return outcome === "listed" ? `${url}: ${all}.` : `${url}: ${tokens.length} match, of ${all}.`;
}

function columnsFor({ recordsUses, tokens }: TokensReport): Column[] {
  const unknown = recordsUses ? "never" : "unknown";
  const columns: Column[] = [
    ["USER", ({ user }) => user],
    ["TOKEN", ({ name, uuid }) => (uuid === "" ? "-" : name)],
    ["CREATED", ({ created }) => day(created) ?? "unknown"],
    ["LAST USED", ({ lastUsed }) => day(lastUsed) ?? unknown],
    ["USES", ({ uses }) => (uses === undefined ? "unknown" : String(uses))],
    ["EXPIRES", ({ expiresOn, expired }) => (expiresOn ? `${expiresOn}${expired ? " (expired)" : ""}` : "-")],
    ["LEGACY", ({ legacy }) => (legacy ? "yes" : "-")],
  ];
  const hasStack = tokens.some(({ managedBy }) => managedBy !== undefined);
  return hasStack ? [...columns, ["MANAGED BY", ({ managedBy }) => managerIn(managedBy)]] : columns;
}

function rowsOf(tokens: readonly ListedToken[], columns: readonly Column[]): string[] {
  const cells = [
    columns.map(([title]) => title),
    ...tokens.map((token) => columns.map(([, cell]) => visible(cell(token)))),
  ];
  const widths = columns.map((_, index) =>
    cells.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), 0),
  );
  return cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

const day = (time: string | undefined) => time?.slice(0, 10);

/** The resource's type and name: the last parts of its URN. */
function managerIn(urn: string | null | undefined): string {
  const [, type, name] = /:(\w+)::((?:(?!::).)+)$/.exec(urn ?? "") ?? [];
  return type === undefined ? "-" : `${type} "${name}"`;
}
