/** Another user of the machine, who may write to mailcow's folder for certificates as its containers may. */
import { ssl } from "./host.ts";
import type { Host } from "./host.ts";
import type { RunOptions } from "./tree.ts";

/** Who that is, by number. */
export const attacker = 4242;

/** What only root may read. */
export const secret = "-----BEGIN SECRET-----\nroot's own\n";

/** Lets the attacker have mailcow's folder, and puts a secret and a file that must not change beside it. */
export function letIn(host: Host): void {
  host.chmod("/", 0o755);
  host.chmod("/tmp", 0o1777);
  host.write("/etc/secret", secret, 0o600);
  host.write("/etc/victim", "root's own\n");
  host.give(ssl, attacker);
}

const as = `chroot "$root" /usr/bin/setpriv --reuid ${attacker} --regid ${attacker} --clear-groups /usr/bin`;

/** A process of the attacker's that does its part before the script runs. */
export function first(commands: string): RunOptions {
  return { before: `${as}/sh -ec '${commands}' || exit 98` };
}

/**
 * A process of the attacker's beside the script: Python that is run over and over, for half a minute at most, and that is
 * ready when the script begins. What it cannot do it tries again.
 *
 * @param before root's commands before that
 */
export function beside(host: Host, step: string, before = ""): RunOptions {
  const lines = step.trim().split("\n").map((line) => `        ${line}`).join("\n");
  host.write("/attack.py", `import os, time\nssl = "${ssl}"\nopen("/tmp/ready", "w")\nend = time.time() + 30\nwhile time.time() < end:\n    try:\n${lines}\n    except OSError:\n        pass\n`);
  host.remove("/tmp/ready");
  return {
    before: `${before}\n${as}/python3 /attack.py & attacker=$!\nuntil [ -e "$root/tmp/ready" ]; do sleep 0.01; done`,
    after: "kill $attacker; wait $attacker 2>/dev/null || :",
  };
}
