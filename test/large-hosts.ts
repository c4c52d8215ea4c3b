/** Many descriptions of many names, each with a certificate of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/**
 * Has them generated, beside each other and for one server, with less memory than all of the output takes.
 *
 * @param program as it is installed
 * @param domains mail domains of each
 * @param heap MiB of what V8 may keep
 */
export function expectLittleMemory(home: string, program: string, domains: number, heap: number): void {
  const hosts = mkdtempSync(join(home, "hosts-"));
  for (let host = 1; host <= 8; host++) {
    const names = Array.from({ length: domains }, (_, index) => `d${index}.h${host}.example.org`).join(", ");
    writeFileSync(join(hosts, `${host}.yaml`), `hostname: mail${host}.example.org\nmail_domains: [${names}]\ntls: { sni: true }\nmailcow: { directory: /opt/m${host}, http: { bind: 10.9.9.${host} } }\n`);
  }
  for (const options of [[], ["--shared"]]) {
    const out = mkdtempSync(join(home, "out-"));
    const { status, signal, stdout } = spawnSync(process.execPath, [`--max-old-space-size=${heap}`, program, "generate", hosts, ...options, "-o", out], { cwd: home, encoding: "utf8", timeout: 600_000 });
    expect({ status, signal, last: /mail8/.test(stdout) }).toEqual({ status: 0, signal: null, last: true });
  }
}
