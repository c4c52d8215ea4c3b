/** `init`: creates the first description. */
import { textOfBytes } from "../core/mailcow-conf/bytes.ts";
import { readConf } from "../core/mailcow-conf/statements.ts";
import { takeOver } from "../core/mailcow-conf/take-over.ts";
import { type Draft, newDescription } from "../core/description/new-description.ts";
import { checkDraft, completed } from "../pipeline/check-draft.ts";
import { checker } from "../pipeline/check.ts";
import { visible } from "../core/visible.ts";
import { takes } from "./completion/completes.ts";
import { defaultDescription, show, standardInput } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, SurroundingsError, UsageError, exitStatus } from "./io.ts";
import { readMerged } from "./merged.ts";
import { once } from "./once.ts";
import { converse } from "./questions.ts";

interface Arguments {
  hostname: string | undefined;
  from: string | undefined;
  output: string;
}

export const initCommand: Command = (parser, word, choose) =>
  parser.command(
    word,
    "Create a description in which every key is explained",
    (command) =>
      command
        .option("hostname", { type: "string", requiresArg: true, coerce: once<string | undefined>("hostname"), describe: "The name of the mail server; without it and without --from, init asks questions" })
        .option("from", takes("files", { type: "string", requiresArg: true, coerce: once<string | undefined>("from"), describe: "Use the settings of an existing mailcow.conf" }))
        .option("output", takes("files", { alias: "o", type: "string", requiresArg: true, default: defaultDescription, coerce: once<string>("output"), describe: "The file to create, which must not exist yet, or - for standard output" }))
        .example("mailcow-proxy init", "asks a few questions; the file also shows the keys for Rspamd's passwords, a relayhost, syslog, fail2ban and a local MTA")
        .example("mailcow-proxy init --hostname mail.example.org", "asks nothing")
        .example("mailcow-proxy init --from /opt/mailcow-dockerized/mailcow.conf", "uses an existing installation"),
    (argv) => choose((io) => init(io, argv)),
  );

async function init(io: Io, { hostname, from, output }: Arguments): Promise<ExitStatus> {
  const toFile = output !== standardInput.device;
  // Fail before asking the questions, not after.
  if (toFile && (await io.exists(output))) throw new SurroundingsError(`cannot write ${output}: it already exists; choose another file: -o FILE`);
  if (hostname !== undefined) refuse(hostname);
  const draft = from !== undefined ? await taken(io, from, hostname) : hostname !== undefined ? { hostname } : await answered(io);
  if (draft === undefined) return exitStatus.no;
  const text = newDescription(completed(draft));
  if (!toFile) {
    io.stdout.write(text);
    return exitStatus.done;
  }
  await io.createFile(output, text);
  // For a mailcow.conf, these problems were already reported at its lines.
  if (from === undefined) show(io, checker()({ source: text, file: output }).diagnostics);
  const next = from === undefined ? "generate -o out" : `merge --into ${from} --diff`;
  const shown = visible(output);
  io.stdout.write(`written    ${shown}\n\nReview it, then run: mailcow-proxy ${visible(next)}${output === defaultDescription ? "" : ` ${shown}`}\n`);
  return exitStatus.done;
}

/** Throws for a name that is not valid in a description. */
function refuse(hostname: string): void {
  const [fault] = checker()({ source: JSON.stringify({ hostname }), file: "--hostname" }).diagnostics;
  if (fault !== undefined) throw new UsageError(`--hostname: ${fault.message}${fault.help === undefined ? "" : `; ${fault.help}`}.`);
}

/** The draft from a mailcow.conf; undefined when the file has errors. */
async function taken(io: Io, from: string, hostname: string | undefined): Promise<Draft | undefined> {
  const file = from === standardInput.device ? standardInput.word : from;
  const conf = readConf(textOfBytes(await readMerged(io, file, "mailcow.conf")));
  const folder = file === standardInput.word ? undefined : await io.folderOf(file);
  const { draft, diagnostics } = takeOver(conf, { check: checkDraft, file, folder, hostname });
  if (diagnostics.length > 0) show(io, diagnostics);
  return diagnostics.some(({ severity }) => severity === "error") ? undefined : draft;
}

async function answered(io: Io): Promise<Draft | undefined> {
  const terminal = await io.openTerminal();
  if (terminal === undefined) throw new UsageError("Questions need a terminal. Use --hostname NAME or --from mailcow.conf instead.");
  try {
    const draft = await converse(io, terminal);
    if (draft === undefined) io.stderr.write("\nNothing was written.\n");
    return draft;
  } finally {
    terminal.close();
  }
}
