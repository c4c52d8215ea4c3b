/** The steps of docs/install/ are those that the output asks for. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { serverIds, servers } from "../src/core/site/servers.ts";
import { generate } from "../src/index.ts";
import { root } from "./support.ts";

describe.each(serverIds.map((id) => ({ id, title: servers[id].title })))("$title", ({ id, title }) => {
  const page = readFileSync(join(root, `docs/install/${id}.md`), "utf8");
  const lines = [...page.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = ""]) => block.trim().split("\n").map((line) => line.trim()));
  const { files } = generate("hostname: mail.example.org\nmail_domains: [example.org]\n", { targets: [id] });
  const { mailTarget } = servers[id];
  const mailFiles = mailTarget === undefined ? [] : generate("hostname: mail.example.org\nmail_domains: [example.org]\nmailcow: { http: { bind: 10.13.13.2 } }\nproxy: { upstream: { address: 10.13.13.2 }, addresses: [10.13.13.1] }\nmail: {}\ntargets: [mail-ports, " + mailTarget + "]\n", { targets: [mailTarget] }).files;
  const [file] = files;
  const { validate = "", reload = "", requires } = file ?? {};

  test("it has a page", () => {
    expect(page.startsWith(`# Install ${title}\n`)).toBe(true);
  });

  test("its files are copied to their places", () => {
    const copied = lines.flatMap((line) => [...line.matchAll(/^cp out\/(\S+) (\S+\/)$/g)].map(([, from = "", to = ""]) => ({ path: from, installPath: `${to}${basename(from)}` })));
    // What is merged has a step of its own.
    const replaced = (all: typeof files) => all.filter(({ install }) => install === "replaced").map(({ path, installPath }) => ({ path, installPath }));
    expect(copied.filter(({ path }) => path.startsWith(`${id}/`))).toEqual(replaced(files));
    // A file whose name is another one there has its own command.
    const mail = lines.flatMap((line) => [...line.matchAll(/^cp out\/(\S+-mail\/\S+) (\S+)$/g)].map(([, path = "", to = ""]) => ({ path, installPath: to.endsWith("/") ? `${to}${basename(path)}` : to })));
    expect(mail).toEqual(replaced(mailFiles));
  });

  test("it is checked, started at boot, and started or reloaded", () => {
    const { unit: own, watches } = servers[id].installations.debian;
    const unit = watches === true ? own : (/\w+$/.exec(reload)?.[0] ?? "");
    expect(reload === "true").toBe(watches === true);
    const start = lines.filter((line) => line.startsWith(validate === "" ? `systemctl enable ${unit} && ` : `${validate} && systemctl enable ${unit} && `));
    expect(start).toHaveLength(1);
    // reload alone fails with a server that could not start before.
    expect(start[0]).toMatch(new RegExp(`systemctl enable ${unit} && systemctl (?:reload-or-restart|restart) ${unit}$`));
  });

  test("what its check needs is made before", () => {
    const modules = lines.flatMap((line) => (line.startsWith("a2enmod ") ? line.split(" ").slice(1) : []));
    expect(modules).toEqual(requires?.modules);
    const [certificate] = requires?.certificates ?? [];
    const combined = certificate?.combined === undefined ? [] : [`(umask 077; cat ${certificate.certificate} ${certificate.key} > ${certificate.combined})`].map((command) => (id === "caddy" ? command.replace("077", "027") : command));
    expect(lines.filter((line) => line.startsWith("(umask"))).toEqual(combined);
  });
});

test("docs/situations/rhel.md has the commands of its file's head", () => {
  const page = readFileSync(join(root, "docs/situations/rhel.md"), "utf8");
  const blocks = (language: string) => [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);
  const [description = ""] = blocks("yaml");
  const { files: [file] } = generate(description, { targets: ["nginx"] });
  const head = [...(file?.content ?? "").matchAll(/^#   (\S.*)$/gm)].map(([, command = ""]) => command).filter((line) => /^(?:mkdir|\(umask|setsebool|firewall-cmd|nginx) /.test(line));
  const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));
  expect(head.length).toBeGreaterThan(4);
  expect(commands.filter((command) => !/^(?:dnf|cp) /.test(command))).toEqual(head);
  expect(commands).toContain("dnf install nginx");
  expect(commands).toContain(`cp out/${file?.path} ${file?.installPath?.replace(/[^/]*$/, "")}`);
});
