/** The collection by itself: its form, and what of it needs no machine. */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { blocksOf } from "../documented.ts";
import { filesBelow, root } from "../support.ts";
import { Controller } from "./world/controller.ts";

let controller: Controller;
/** The collection's folder as it is in the repository, in the place that Ansible's tools want it in. */
let source: string;
beforeAll(async () => {
  controller = await Controller.make();
  source = join(controller.folder, "source/ansible_collections/mailcow_proxy/mailcow_proxy");
  cpSync(join(root, "integrations/ansible"), source, { recursive: true });
});
afterAll(() => controller.dispose());

interface Target {
  readonly descriptions: readonly unknown[];
  readonly targets: readonly string[];
}

/** What the plugin makes of hosts, as Ansible prints it. */
async function generate(hosts: Record<string, Target>, command?: readonly string[]): Promise<{ status: number; said: string; paths: Record<string, string[]> }> {
  const { status, said } = await controller.command("ansible", "localhost", "-i", "localhost,", "-m", "mailcow_proxy.mailcow_proxy.generate", "-a", JSON.stringify({ hosts, ...(command === undefined ? {} : { command }) }));
  const result: { hosts?: Record<string, { path: string }[]> } = status === 0 ? JSON.parse(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1)) : {};
  return { status, said, paths: Object.fromEntries(Object.entries(result.hosts ?? {}).map(([host, files]) => [host, files.map(({ path }) => path)])) };
}

describe("its form", () => {
  test.each([["yamllint", "--strict", "."], ["ansible-lint", "--offline", "--nocolor"]])("%s has nothing to say", (program, ...words) => {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: source, encoding: "utf8", env: { ...process.env, HOME: controller.folder } });
    expect(status, stdout + stderr).toBe(0);
  });

  test("the example is as well written", () => {
    const { status, stdout } = spawnSync("yamllint", ["--strict", "-c", join(source, ".yamllint"), join(root, "examples/ansible")], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  test("its version is the program's", () => {
    const version = (file: string): unknown => parse(readFileSync(join(root, file), "utf8")).version;
    expect(version("integrations/ansible/galaxy.yml")).toBe(version("package.json"));
  });

  test("ansible-doc shows each plugin and the role", async () => {
    const plugins = filesBelow(join(source, "plugins/modules")).map((file) => file.replace(".py", ""));
    expect(plugins.length).toBeGreaterThan(3);
    for (const plugin of plugins) {
      expect(await controller.command("ansible-doc", `mailcow_proxy.mailcow_proxy.${plugin}`)).toMatchObject({ status: 0, said: expect.stringContaining("EXAMPLES:") });
    }
    expect(await controller.command("ansible-doc", "-t", "role", "mailcow_proxy.mailcow_proxy.proxy")).toMatchObject({ status: 0, said: expect.stringContaining("= mailcow_proxy_targets") });
  });

  test("it installs as the README says", async () => {
    const [block = ""] = blocksOf("integrations/ansible/README.md")("sh");
    const command = block.split("\n").find((line) => line.startsWith("ansible-galaxy")) ?? "";
    const [program = "", ...words] = command.split(" ");
    const { status, said } = await controller.command(program, ...words.map((word) => (word.startsWith("./") ? join(root, word) : word)), "--offline", "-p", join(controller.folder, "other"));
    expect(status, said).toBe(0);
    expect(filesBelow(join(controller.folder, "other"))).toEqual(filesBelow(join(controller.folder, "collections")));
  });

  test.each(["integrations/ansible/README.md", "docs/configuration-management.md"])("%s shows the example", (document) => {
    const shown = blocksOf(document)("yaml");
    expect(shown.length).toBeGreaterThan(0);
    const files = new Set(["site.yml", "inventory.yml"].map((name) => readFileSync(join(root, "examples/ansible", name), "utf8")));
    expect(shown.filter((block) => !files.has(block))).toEqual([]);
  });

  test("the README and the role tell of the same variables", () => {
    const specification: { argument_specs: { main: { options: Record<string, { default?: unknown }> } } } = parse(readFileSync(join(source, "roles/proxy/meta/argument_specs.yml"), "utf8"));
    const documented = [...readFileSync(join(source, "README.md"), "utf8").matchAll(/^\| `(mailcow_proxy_\w+)` \|/gm)].map(([, name]) => name);
    const { options } = specification.argument_specs.main;
    expect(documented).toEqual(Object.keys(options));
    const defaults: unknown = parse(readFileSync(join(source, "roles/proxy/defaults/main.yml"), "utf8"));
    expect(defaults).toEqual(Object.fromEntries(Object.entries(options).flatMap(([name, option]) => ("default" in option ? [[name, option.default]] : []))));
  });
});

describe("files beside those of others", () => {
  /** Runs Python with the collection's modules, and gives what it prints. */
  function python(lines: string): string {
    const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", lines, controller.folder], { encoding: "utf8", timeout: 120_000, env: { PYTHONPATH: join(controller.folder, "source") } });
    expect(status, stderr).toBe(0);
    return stdout;
  }
  const utils = "ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils";

  test("HAProxy's file is readable by root only from its first moment on", () => {
    expect(python(`
import json, os, sys
from ansible.module_utils import basic
from ${utils}.entries import File
basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": {"_ansible_tmpdir": sys.argv[1]}}).encode()
module = basic.AnsibleModule({})
place = os.path.join(sys.argv[1], "mailcow.pem")
seen = []
chmod = os.chmod
os.chmod = lambda path, mode, *rest, **more: (chmod(path, mode, *rest, **more), seen.append(oct(os.stat(path).st_mode & 0o777)))
os.umask(0o022)
File(place, b"a key", 0o600, secret=True).put(module)
print(set(seen), oct(os.stat(place).st_mode & 0o777))`)).toBe("{'0o600'} 0o600\n");
  });

  test("certificates in mailcow's folder are read behind no link, from no FIFO and to no end", () => {
    expect(python(`
import os, sys
from ${utils}.entries import read, read_certificate
ssl = os.path.join(sys.argv[1], "mailcow/data/assets/ssl")
os.makedirs(ssl)
at = lambda name: os.path.join(ssl, name)
open(at("cert.pem"), "w").write("a certificate")
os.symlink("cert.pem", at("link.pem"))
os.mkfifo(at("fifo.pem"))
open(at("large.pem"), "w").truncate(10**10)
os.symlink("/dev/zero", at("zero.pem"))
os.symlink(ssl, os.path.join(sys.argv[1], "live"))
print([read_certificate(at(name + ".pem")) for name in ("cert", "link", "fifo", "large", "zero", "missing")])
# Through a folder of links, such as that of tls.sni, it is the same; elsewhere certbot's links are followed.
print([read_certificate(os.path.join(sys.argv[1], "live", name + ".pem")) for name in ("cert", "link")])
os.symlink(at("cert.pem"), os.path.join(sys.argv[1], "fullchain.pem"))
print(read_certificate(os.path.join(sys.argv[1], "fullchain.pem")), read(at("fifo.pem")))`)).toBe("[b'a certificate', None, None, None, None, None]\n[b'a certificate', None]\nb'a certificate' None\n");
  });

  test("a description that is a FIFO is not waited for", async () => {
    expect(spawnSync("mkfifo", [join(controller.folder, "play/fifo.yaml")]).status).toBe(0);
    const { status, said } = await generate({ one: { descriptions: ["fifo.yaml"], targets: ["nginx"] } });
    expect(status).toBe(2);
    expect(said).toContain("it is a FIFO, not a regular file");
  });
});

describe("generate", () => {
  const org = { hostname: "mail.example.org", mail_domains: ["example.org"] };
  const net = { hostname: "mail.example.net", mail_domains: ["example.net"], mailcow: { directory: "/srv/mailcow", http: { port: 18080 }, https: { port: 18443 } } };

  test("gives each host the files of its own descriptions and targets", async () => {
    const { status, said, paths } = await generate({
      one: { descriptions: [org], targets: ["nginx", "mailcow-conf"] },
      two: { descriptions: [net], targets: ["nginx", "mailcow-conf"] },
      three: { descriptions: [net], targets: ["apache"] },
      both: { descriptions: [org, net], targets: ["haproxy", "mailcow-conf"] },
      none: { descriptions: [], targets: ["nginx"] },
    });
    expect(status, said).toBe(0);
    expect(paths).toEqual({
      one: ["mail.example.org/nginx/mailcow-mail.example.org.conf", "mail.example.org/mailcow-conf/mailcow-mail.example.org.conf"],
      two: ["mail.example.net/nginx/mailcow-mail.example.net.conf", "mail.example.net/mailcow-conf/mailcow-mail.example.net.conf"],
      three: ["apache/mailcow-mail.example.net.conf"],
      both: ["haproxy/mailcow.cfg", "haproxy/mailcow.crt-list", "mail.example.org/mailcow-conf/mailcow-mail.example.org.conf", "mail.example.net/mailcow-conf/mailcow-mail.example.net.conf"],
      none: [],
    });
  });

  test("serves two proxies of one mailcow host, which listen elsewhere", async () => {
    const at = (address: string) => ({ descriptions: [{ ...org, proxy: { listen: [address] } }], targets: ["nginx"] });
    const { status, said } = await generate({ one: at("198.51.100.1"), two: at("198.51.100.2"), other: { descriptions: [net], targets: ["nginx"] } });
    expect(status, said).toBe(0);
    expect(said.match(/listen 198\.51\.100\.1:443/g)?.length).toBe(said.match(/listen 198\.51\.100\.2:443/g)?.length);
    expect(said).toContain("listen 198.51.100.1:443");
  });

  test("knows hostnames that mailcow-proxy spells otherwise", async () => {
    const named = (hostname: string) => ({ descriptions: [{ hostname, mail_domains: [] }], targets: ["nginx"] });
    // The last is another name to what Python knows of such names.
    expect((await generate({ one: named("MAIL.Example.org"), two: named("mail.bücher.example"), three: named("mail.faß.example") })).paths).toEqual({
      one: ["mail.example.org/nginx/mailcow-mail.example.org.conf"],
      two: ["mail.xn--bcher-kva.example/nginx/mailcow-mail.xn--bcher-kva.example.conf"],
      three: ["nginx/mailcow-mail.xn--fa-hia.example.conf"],
    });
  });

  test("tells what is wrong with all of them, each once", async () => {
    controller.write("mistaken.yaml", "hostname: mail\n");
    const { status, said } = await generate({
      one: { descriptions: ["mistaken.yaml"], targets: ["nginx", "mailcow-conf"] },
      two: { descriptions: [{ ...org, mailcow: { http: { port: 8081 } } }], targets: ["apache"] },
    });
    expect(status).toBe(2);
    expect(said.match(/: error: /g)?.length).toBe(2);
    expect(said).toContain('"mistaken.yaml:1:11: error: mail is a host name without a domain [host-name]"');
    expect(said).toMatch(/"mailcow_proxy_descriptions\[0\] of two:\d+:\d+: error: mailcow's nginx already uses port 8081/);
  });

  test("takes the word off as it is meant", async () => {
    const { status, said } = await generate({ one: { descriptions: [{ ...org, proxy: { upstream: { scheme: "https", verify: false } } }], targets: ["nginx"] } });
    expect(status, said).toBe(0);
  });

  test.each([
    ["a file that is not there", "absent.yaml", /Could not find or access 'absent\.yaml'/],
    ["what is no description", 1, /mailcow_proxy_descriptions\[0\] of one is neither a mapping nor the path of a file/],
  ])("refuses %s", async (_, description, says) => {
    const { status, said } = await generate({ one: { descriptions: [description], targets: ["nginx"] } });
    expect({ status, said }).toEqual({ status: 2, said: expect.stringMatching(says) });
  });

  test.each(["", "mailcow-conf,nginx", "ngnix"])("refuses the target %j", async (target) => {
    const { status, said } = await generate({ one: { descriptions: [org], targets: [target] } });
    expect(status).toBe(2);
    expect(said.replaceAll(/\\|\s+/g, "")).toContain(`mailcow_proxy_targetsofonehas"${target}";thetargetsarenginx,`);
  });

  test("says what to install where there is no mailcow-proxy", async () => {
    const { status, said } = await generate({ one: { descriptions: [org], targets: ["nginx"] } }, ["mailcow-proxy-is-not-here"]);
    expect(status).toBe(2);
    expect(said).toContain("cannot run mailcow-proxy-is-not-here on the controller: No such file or directory. Install it there with npm install --global mailcow-proxy, or set mailcow_proxy_command.");
  });
});

test.each([
  ["", `EXTRAOPTS="-S /run/haproxy-master.sock -f /etc/haproxy/conf.d"\n`],
  ["# EXTRAOPTS=-x", `# EXTRAOPTS=-x\nEXTRAOPTS="-S /run/haproxy-master.sock -f /etc/haproxy/conf.d"\n`],
  ["EXTRAOPTS=-x\nCONFIG=/etc/haproxy/haproxy.cfg\n", `EXTRAOPTS="-x -f /etc/haproxy/conf.d"\nCONFIG=/etc/haproxy/haproxy.cfg\n`],
  ["EXTRAOPTS=''\n", `EXTRAOPTS="-f /etc/haproxy/conf.d"\n`],
  [`EXTRAOPTS="-f /etc/haproxy/conf.d/ -x"\n`, `EXTRAOPTS="-f /etc/haproxy/conf.d/ -x"\n`],
  ['CONFIG="/etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d"', 'CONFIG="/etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d"'],
])("HAProxy's options %j become %j", (before, after) => {
  const program = "import sys; from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.haproxy import with_folder; " +
    "sys.stdout.write(with_folder(sys.stdin.read(), '/etc/haproxy/conf.d', '-S /run/haproxy-master.sock'))";
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", program], { input: before, encoding: "utf8", env: { PYTHONPATH: join(controller.folder, "collections"), PYTHONDONTWRITEBYTECODE: "1" } });
  expect({ stdout, stderr }).toEqual({ stdout: after, stderr: "" });
});
