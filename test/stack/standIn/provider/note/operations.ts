import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";

interface Note {
  path: string;
  text: string;
  seconds?: number;
}

interface NoteState extends Note {
  environment: NodeJS.ProcessEnv;
}

let signature = "";

export async function configure({ config }: dynamic.ConfigureRequest): Promise<void> {
  signature = config.get("standin:signature") ?? "";
}

export async function check(_olds: Note, news: Note): Promise<dynamic.CheckResult<Note>> {
  const failures = news.text === "" ? [{ property: "text", reason: "A note says something." }] : [];
  return { inputs: news, failures };
}

export async function diff(_id: string, olds: Note, news: Note): Promise<dynamic.DiffResult> {
  return { changes: olds.text !== news.text, replaces: olds.path === news.path ? [] : ["path"] };
}

export async function create(note: Note): Promise<dynamic.CreateResult<NoteState>> {
  process.stderr.write(`Writing ${note.path}.\n`);
  await setTimeout((note.seconds ?? 0) * 1000);
  await writeFile(note.path, note.text + signature);
  return { id: note.path, outs: { ...note, environment: process.env } };
}

export async function read(id: string, props: NoteState): Promise<dynamic.ReadResult<object>> {
  const text = await readFile(id, "utf8").catch(() => undefined);
  if (text === undefined) return {};
  const { environment, ...inputs } = props;
  return { id, props: { ...props, text }, inputs: { ...inputs, text } };
}

export async function update(_id: string, _olds: Note, news: Note): Promise<dynamic.UpdateResult<object>> {
  return { outs: (await create(news)).outs ?? {} };
}

async function remove(id: string): Promise<void> {
  await rm(id, { force: true });
}

export { remove as delete };
