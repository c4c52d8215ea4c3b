/** rsyslog beside the distribution's own configuration, and lines as Docker's driver sends them. */
import { attempt } from "../../wire/world/command.ts";
import { type ServerProcess, startProcess } from "../../wire/world/process.ts";
import { until } from "./output.ts";

export async function startRsyslog(): Promise<ServerProcess> {
  // The kernel's log, which the stock configuration reads, belongs to the machine.
  attempt("sed", "-i", "/imklog/d", "/etc/rsyslog.conf");
  const server = startProcess("exec rsyslogd -n -i /run/rsyslogd.pid");
  await until("rsyslog's socket", () => {
    if (!server.running) throw new Error(`rsyslog has ended:\n${server.printed}`);
    return attempt("ss", "-Hlnp").text.includes("rsyslogd");
  });
  return server;
}

/** A line of a container: RFC 3164 without a host name, the container's name as the tag. */
export function frame(container: string, line: string): string {
  const now = new Date();
  const month = now.toLocaleString("en", { month: "short" });
  return `<30>${month} ${String(now.getDate()).padStart(2)} ${now.toTimeString().slice(0, 8)} ${container}[612]: ${line}`;
}
