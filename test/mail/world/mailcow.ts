/** mailcow's Postfix and Dovecot, in the namespace of its containers. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { run } from "../../wire/world/command.ts";
import { type Certificate, makeAuthority } from "../../wire/world/certificate.ts";
import { scratch } from "../../wire/world/filesystem.ts";
import { type ServerProcess, startProcess } from "../../wire/world/process.ts";
import { until } from "../../systems/world/output.ts";
import { type Postfix, startPostfix } from "../../systems/world/postfix.ts";
import { dovecotConf, mainCf, masterCf } from "./mailcow-configuration.ts";
import { within } from "./network.ts";

export const user = "me@example.org";
export const password = "correct horse";

const dovecotLog = "/var/log/dovecot.log";

export interface Mailcow {
  readonly certificate: Certificate;
  /** @returns what Postfix and Dovecot have logged since this call, as long as they run */
  mark(): () => string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param extraConf Dovecot's extra.conf */
export async function startMailcow(extraConf: string): Promise<Mailcow> {
  const folder = `${scratch}/mailcow`;
  mkdirSync(folder, { recursive: true });
  mkdirSync("/var/vmail", { recursive: true });
  run("chown", "5000:5000", "/var/vmail");
  const certificate = makeAuthority().issue(["mail.example.org"]);
  writeFileSync(`${folder}/cert.pem`, certificate.certificate);
  writeFileSync(`${folder}/key.pem`, certificate.key, { mode: 0o600 });
  writeFileSync(`${folder}/users`, `${user}:{PLAIN}${password}\n`);
  writeFileSync(`${folder}/extra.conf`, extraConf);
  writeFileSync(`${folder}/dovecot.conf`, `${dovecotConf()}!include extra.conf\n`);
  writeFileSync(dovecotLog, "");
  let dovecot: ServerProcess;
  let postfix: Postfix;
  const start = async () => {
    const from = readFileSync(dovecotLog, "utf8").length;
    dovecot = startProcess(within("mailcow", "dovecot", `exec dovecot -F -c ${folder}/dovecot.conf`));
    [postfix] = await Promise.all([
      startPostfix("mailcow", mainCf, {}, { masterCf, inside: "ip netns exec mailcow" }),
      until("the start of Dovecot", () => {
        const log = readFileSync(dovecotLog, "utf8").slice(from);
        if (!dovecot.running) throw new Error(`Dovecot has ended:\n${dovecot.printed}${log}`);
        return log.includes("starting up");
      }),
    ]);
  };
  await start();
  return {
    certificate,
    mark() {
      const logs = () => [postfix.log, readFileSync(dovecotLog, "utf8")];
      const before = logs().map((log) => log.length);
      return () => logs().map((log, index) => log.slice(before[index])).join("");
    },
    start,
    stop: async () => void (await Promise.all([postfix.stop(), dovecot.stop()])),
  };
}
