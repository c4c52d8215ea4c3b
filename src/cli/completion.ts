/** `completion`: prints a script for the shell, which asks the program what can stand at the end of a line. */
import bash from "./completion/mailcow-proxy.bash?raw";
import fish from "./completion/mailcow-proxy.fish?raw";
import zsh from "./completion/mailcow-proxy.zsh?raw";
import { choice } from "./choice.ts";
import { takes } from "./completion/completes.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

const shells = ["bash", "zsh", "fish"] as const;

type Shell = (typeof shells)[number];

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

export const completionCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [shell]`,
    "Print a completion script for bash, zsh or fish",
    (command) =>
      command
        .positional("shell", takes(shells, { type: "string", describe: `${shells.join(", ")}; default: the shell in $SHELL`, coerce: (value: string | undefined) => (value === undefined ? undefined : choice("shell", shells)(value)) }))
        .example("mailcow-proxy completion bash >> ~/.bashrc", "complete in bash")
        .example("mailcow-proxy completion zsh >> ~/.zshrc", "complete in zsh")
        .example("mailcow-proxy completion fish > ~/.config/fish/completions/mailcow-proxy.fish", "complete in fish"),
    ({ shell }) => choose((io) => print(io, shell)),
  );

function print({ stdout, env }: Io, shell: Shell | undefined): ExitStatus {
  const own = (env["SHELL"] ?? "").replace(/^.*\//, "");
  stdout.write(scripts[shell ?? shells.find((known) => known === own) ?? "bash"]);
  return exitStatus.done;
}
