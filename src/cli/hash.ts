/** `hash`: makes the hash of a password for a description. */
import { rspamdHash, saltLength } from "../core/rspamd-hash.ts";
import { choice } from "./choice.ts";
import { takes } from "./completion/completes.ts";
import { type Command, type ExitStatus, type Io, type Terminal, UsageError, exitStatus } from "./io.ts";

const systems = ["rspamd"] as const;

type System = (typeof systems)[number];

export const hashCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [system]`,
    "Make the hash of a password, for the description",
    (command) =>
      command
        .positional("system", takes(systems, { type: "string", describe: `What the password is for: ${systems.join(", ")}`, coerce: (value: string | undefined) => (value === undefined ? undefined : choice("system", systems)(value)) }))
        .example("mailcow-proxy hash rspamd", "asks for the password, without showing it")
        .example("mailcow-proxy hash rspamd < FILE", "reads the password from a file of one line"),
    ({ system }) => choose((io) => hash(io, system)),
  );

async function hash(io: Io, system: System | undefined): Promise<ExitStatus> {
  if (system === undefined) throw new UsageError(`hash needs what the password is for; use one of: ${systems.join(", ")}.`);
  const terminal = await io.openTerminal({ hidden: true });
  let password: string | undefined;
  try {
    password = terminal === undefined ? lineOf(await io.read("-", longest + 2)) : await asked(terminal);
  } finally {
    terminal?.close();
  }
  if (password === undefined) {
    io.stderr.write("\nNothing was hashed.\n");
    return exitStatus.no;
  }
  const fault = faultOf(password);
  if (fault !== undefined) throw new UsageError(`${fault}.`);
  io.stdout.write(`${rspamdHash(password, io.randomBytes(saltLength))}\n`);
  return exitStatus.done;
}

/** The password that is typed twice; undefined when the user cancels. */
async function asked(terminal: Terminal): Promise<string | undefined> {
  const first = await terminal.ask("Password: ");
  if (first === undefined || first === "") return first;
  const second = await terminal.ask("The same again: ");
  if (second !== undefined && second !== first) throw new UsageError("The two passwords are not the same.");
  return second;
}

/** Characters. Rspamd gets the password in a header of each request. */
const longest = 1024;

/** The line in the input, which may have a line end. */
function lineOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, "");
}

/** Why nobody could log in with a password. */
function faultOf(password: string): string | undefined {
  if (password === "") return "The password is empty";
  if (/[\r\n]/.test(password)) return "The input has more than one line, but a password is one line";
  // Rspamd's page sends it in a header as it is, where browsers take no other characters, and no spaces at the ends.
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(password)) return "Rspamd's page can send only passwords of ASCII characters, without a space at either end";
  return password.length > longest ? `The password is longer than ${longest} characters` : undefined;
}
