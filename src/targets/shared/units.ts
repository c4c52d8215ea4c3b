/** A service of systemd's with the unit that starts it, for a script of ours. */
import type { FileHost, TargetFile } from "../../core/output/target.ts";
import { nothing } from "./requirements.ts";

/** Two units of one name. */
interface Units {
  readonly host: FileHost;
  /** Their name, without an ending. */
  readonly program: string;
  /** What starts the service. */
  readonly starter: "path" | "timer";
  /** The templates' name, without an ending. */
  readonly template: string;
}

export function unitFiles({ host, program, starter, template }: Units): TargetFile[] {
  const units = `/etc/systemd/system/${program}`;
  return [starter, "service"].map((ending) => ({
    template: `${template}.${ending}.hbs`,
    name: `${program}.${ending}`,
    installPath: `${units}.${ending}`,
    host,
    install: "replaced",
    comment: "#",
    mode: "0644",
    group: undefined,
    validate: `systemd-analyze verify ${units}.${starter} ${units}.service`,
    reload: `systemctl daemon-reload && systemctl enable --now ${program}.${starter}`,
    requires: nothing,
  }));
}
