/** What is on the disk beside what its descriptions give: real files, and some by the program as it is installed. */
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { install } from "./installed.ts";
import { mailcowProxyIn } from "./real-io.ts";
import { filesBelow, root } from "./support.ts";

let program = "";
let folder = "";
beforeAll(() => {
  program = mkdtempSync(join(tmpdir(), "mailcow-proxy-program-"));
  install(program);
});
afterAll(() => {
  for (const made of [program, folder]) rmSync(made, { recursive: true, force: true });
});

/** Runs a program in the folder. */
function run(command: string, args: readonly string[], { input = "", uid }: { input?: string; uid?: number } = {}) {
  const env = { ...process.env, LC_ALL: "C", GIT_CEILING_DIRECTORIES: tmpdir() };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8", input, env, ...(uid === undefined ? {} : { uid, gid: uid }) });
  if (error !== undefined) throw error;
  return { status, out: stdout, err: stderr };
}

const mailcowProxy = (...args: string[]) => mailcowProxyIn(folder, args);

/** The same by the program as it is installed, in a process of its own. */
const installedProgram = (...args: string[]) => run(process.execPath, [join(program, "node_modules/mailcow-proxy/dist/bin.cjs"), ...args]);

const path = (name: string) => join(folder, name);
const edit = (name: string, change: (text: string) => string) => writeFileSync(path(name), change(readFileSync(path(name), "utf8")));
const snapshot = (name: string) => filesBelow(path(name)).map((file) => ({ file, content: readFileSync(join(path(name), file), "utf8"), mode: statSync(join(path(name), file)).mode }));

const description = "hostname: mail.example.org\nmail_domains: [example.org]\ntls: { issuer: certbot, email: admin@example.org }\ntargets: [nginx, apache, haproxy, mailcow-conf, certbot]\n";
const [nginx, apache, haproxy] = ["out/nginx/mailcow-mail.example.org.conf", "out/apache/mailcow-mail.example.org.conf", "out/haproxy/mailcow-mail.example.org.cfg"] as const;

beforeEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-check-"));
  writeFileSync(path("mailcow-proxy.yaml"), description);
});

const change = () => edit("mailcow-proxy.yaml", (text) => text.replace("[example.org]", "[example.org, example.net]"));

/** The script among the files; its name says what for. */
const script = () => filesBelow(path("out")).find((file) => (statSync(path(`out/${file}`)).mode & 0o100) !== 0) ?? "";

describe("generate -o DIR --check", () => {
  beforeEach(async () => {
    expect((await mailcowProxy("generate", "-o", "out")).status).toBe(0);
  });

  const check = (...args: string[]) => mailcowProxy("generate", "-o", "out", "--check", ...args);

  test("says when all is as generated", async () => {
    const count = filesBelow(path("out")).length;
    expect(count).toBeGreaterThanOrEqual(5);
    const said = { status: 0, out: `${count} files are up to date\n`, err: "" };
    expect(await check()).toEqual(said);
    expect(installedProgram("generate", "-o", "out", "--check")).toEqual(said);
  });

  test("lists what is missing, in one order, and writes nothing", async () => {
    for (const file of [nginx, haproxy]) rmSync(path(file));
    const before = snapshot("out");
    expect(await check()).toEqual({ status: 1, out: `missing              ${nginx}\nmissing              ${haproxy}\n`, err: "" });
    expect(snapshot("out")).toEqual(before);
  });

  test("tells a changed description from an edit by hand, and both together from each", async () => {
    edit(apache, (text) => text.replace("ServerTokens Prod", "ServerTokens Full"));
    appendFileSync(path(haproxy), "# one more line\n");
    expect(await check()).toEqual({ status: 1, out: `edited by hand       ${apache}\nedited by hand       ${haproxy}\n`, err: "" });
    change();
    const { status, out } = await check("-t", "nginx,apache,haproxy");
    expect(status).toBe(1);
    expect(out).toBe(`out of date          ${nginx}\nedited, out of date  ${apache}\nedited, out of date  ${haproxy}\n`);
  });

  test.each<[string, (text: string) => string]>([
    ["its digest taken out", (text) => text.replace(/^# Digest.*\n/m, "")],
    ["its digest made another", (text) => text.replace(/(sha256:)./, "$1x")],
    ["a line above all others", (text) => `# mine\n${text}`],
    ["a line in the place of its first one", (text) => text.replace(/^.*/, "# mine")],
    ["its last line cut off", (text) => text.replace(/\n.*\n$/, "\n")],
    ["other line ends", (text) => text.replaceAll("\n", "\r\n")],
  ])("finds a file with %s edited by hand", async (_, spoil) => {
    edit(nginx, spoil);
    expect(await check()).toMatchObject({ status: 1, out: `edited by hand       ${nginx}\n` });
  });

  test("says that a file is another one", async () => {
    writeFileSync(path(nginx), "server { listen 80; }\n");
    expect(await check()).toMatchObject({ status: 1, out: `not generated        ${nginx}\n` });
  });

  test("finds a script that cannot be run, and lets other modes be", async () => {
    chmodSync(path(nginx), 0o600);
    expect(await check()).toMatchObject({ status: 0 });
    const file = script();
    chmodSync(path(`out/${file}`), 0o644);
    expect(await check()).toMatchObject({ status: 1, out: `not executable       out/${file}\n` });
  });

  test("lists files that are no longer generated, of this description alone", async () => {
    cpSync(path(nginx), path("out/nginx/mailcow-other.example.org.conf"));
    writeFileSync(path("out/nginx/README"), "mine\n");
    edit("mailcow-proxy.yaml", (text) => text.replace("apache, ", ""));
    expect(await check()).toMatchObject({ status: 1, out: `no longer generated  ${apache}\n` });
    expect(await check("-t", "nginx,haproxy")).toMatchObject({ status: 0 });
  });

  test("gives up on a file that it cannot read", async () => {
    rmSync(path(nginx));
    mkdirSync(path(nginx));
    expect(await check()).toMatchObject({ status: 3, err: `mailcow-proxy: cannot read ${nginx}: it is a folder\n` });
  });

  test("gives up on a file that it may not read", () => {
    run("chmod", ["-R", "a+rX", folder]);
    chmodSync(program, 0o755);
    chmodSync(path("out/mailcow-conf/mailcow-mail.example.org.conf"), 0o000);
    // root may read everything.
    const somebody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const { status, err } = run(process.execPath, [join(program, "node_modules/mailcow-proxy/dist/bin.cjs"), "generate", "-o", "out", "--check"], somebody);
    expect({ status, err }).toEqual({ status: 3, err: "mailcow-proxy: cannot read out/mailcow-conf/mailcow-mail.example.org.conf: permission denied\n" });
  });

  test("checks nothing for a description with an error", async () => {
    writeFileSync(path("mailcow-proxy.yaml"), "hostname: mail\n");
    expect(await check()).toMatchObject({ status: 1, out: "" });
  });
});

describe("generate -o DIR --check for several descriptions", () => {
  beforeEach(async () => {
    mkdirSync(path("hosts"));
    for (const name of ["a", "b", "c"]) writeFileSync(path(`hosts/${name}.yaml`), `hostname: ${name}.example.org\nmail_domains: []\ntargets: [nginx]\n`);
    writeFileSync(path("hosts/.hidden.yaml"), "hostname: nobody\n");
    writeFileSync(path("hosts/README.md"), "hostname: nobody\n");
    mkdirSync(path("hosts/more.yaml"));
    expect((await mailcowProxy("generate", "hosts", "-o", "out")).status).toBe(0);
  });

  const file = (name: string) => `out/${name}.example.org/nginx/mailcow-${name}.example.org.conf`;

  test("looks at each hostname's folder", async () => {
    expect(await mailcowProxy("generate", "hosts", "-o", "out", "--check")).toMatchObject({ status: 0, out: "3 files are up to date\n" });
    rmSync(path("hosts/b.yaml"));
    edit("hosts/c.yaml", (text) => `${text}proxy: { https_port: 8443 }\nmailcow: { https: { port: 9443 } }\n`);
    expect(await mailcowProxy("generate", "hosts", "-o", "out", "--check")).toMatchObject({ status: 1, out: `out of date          ${file("c")}\nno longer generated  ${file("b")}\n` });
  });

  test("the last description of a folder still has its hostname's", async () => {
    for (const name of ["b", "c"]) rmSync(path(`hosts/${name}.yaml`));
    for (const name of ["b", "c"]) rmSync(path(`out/${name}.example.org`), { recursive: true });
    expect(await mailcowProxy("generate", "hosts", "-o", "out", "--check")).toMatchObject({ status: 0 });
  });
});

describe("--diff", () => {
  const diff = (...args: string[]) => mailcowProxy("generate", "-o", "out", "--diff", ...args);

  describe.each<[string, string[]]>([
    ["patch", ["-p1", "--no-backup-if-mismatch", "--fuzz=0"]],
    ["git", ["apply"]],
  ])("%s makes of it what generate writes", (command, args) => {
    test.each<[string, () => void | Promise<void>]>([
      ["where there is nothing", () => {}],
      [
        "where the description changed",
        async () => {
          await mailcowProxy("generate", "-o", "out");
          change();
        },
      ],
      [
        "where some are missing, some edited and one cannot be run",
        async () => {
          await mailcowProxy("generate", "-o", "out");
          rmSync(path(nginx));
          edit(apache, (text) => text.toUpperCase());
          edit(haproxy, (text) => text.trimEnd());
          appendFileSync(path(apache), Buffer.from("# ge\xe4ndert\n", "latin1"));
          chmodSync(path(`out/${script()}`), 0o644);
        },
      ],
    ])("%s", async (_, prepare) => {
      await prepare();
      const { status, err } = await diff();
      expect(status).toBe(1);
      expect(err).toMatch(/^(?:[a-z, ]+ {2}out\/\S+\n)+$/);
      // From one program to the other, since a diff of a file in another encoding is no text.
      expect(run("sh", ["-c", `"$0" "$1" generate -o out --diff | ${[command, ...args].join(" ")}`, process.execPath, join(program, "node_modules/mailcow-proxy/dist/bin.cjs")])).toMatchObject({ status: 0 });
      expect(await diff()).toEqual({ status: 0, out: "", err: "" });
      const applied = snapshot("out").map(({ file, content, mode }) => ({ file, content, executable: (mode & 0o100) !== 0 }));
      rmSync(path("out"), { recursive: true });
      await mailcowProxy("generate", "-o", "out");
      expect(applied).toEqual(snapshot("out").map(({ file, content, mode }) => ({ file, content, executable: (mode & 0o100) !== 0 })));
    });
  });

  test("takes a folder with any name", async () => {
    for (const name of ["my output", "Größe 1"]) {
      const { status, out } = await mailcowProxy("generate", "-o", name, "--diff", "-t", "nginx");
      expect(status).toBe(1);
      expect(run("patch", ["-p1"], { input: out })).toMatchObject({ status: 0 });
      expect(await mailcowProxy("generate", "-o", name, "--check", "-t", "nginx")).toMatchObject({ status: 0 });
    }
  });

  test("takes no file away", async () => {
    await mailcowProxy("generate", "-o", "out");
    edit("mailcow-proxy.yaml", (text) => text.replace("apache, ", ""));
    expect(await diff()).toEqual({ status: 1, out: "", err: `no longer generated  ${apache}\n` });
  });
});

describe("--installed", () => {
  const installed = (...args: string[]) => mailcowProxy("generate", "--installed", "--root", "host", ...args);
  const conf = "host/opt/mailcow-dockerized/mailcow.conf";

  beforeEach(async () => {
    const { files }: { files: { target: string; install_path: string; mode: string; content: string }[] } = JSON.parse((await mailcowProxy("generate", "--format", "json")).out);
    for (const { install_path, mode, content } of files) {
      mkdirSync(join(path("host"), install_path, ".."), { recursive: true });
      writeFileSync(join(path("host"), install_path), content, { mode: Number.parseInt(mode, 8) });
    }
    cpSync(join(root, "test/cases/merge/everything.conf"), path(conf));
    expect((await mailcowProxy("merge", "--into", conf, "--write")).status).toBe(0);
  });

  test("is satisfied with what belongs there, in a mailcow.conf of an installation too", async () => {
    expect(await installed("--check")).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+ files are up to date\n$/) });
    expect(await installed("--diff")).toMatchObject({ status: 0, out: "" });
    expect(installedProgram("generate", "--installed", "--root", "host", "--check")).toEqual(await installed("--check"));
  });

  test("lists what differs, by where it is", async () => {
    appendFileSync(path("host/etc/nginx/sites-available/mailcow-mail.example.org.conf"), "# mine\n");
    edit(conf, (text) => text.replace(/^HTTP_PORT=.*$/m, "HTTP_PORT=80").replace(/^HTTP_REDIRECT=.*$/m, "HTTP_REDIRECT=y"));
    expect(await installed("--check")).toMatchObject({
      status: 1,
      out: `edited by hand       host/etc/nginx/sites-available/mailcow-mail.example.org.conf\nout of date          ${conf}: HTTP_PORT, HTTP_REDIRECT\n`,
    });
  });

  test("prints a diff without a secret, that patch takes", async () => {
    edit(conf, (text) => text.replace(/^HTTP_PORT=.*$/m, "HTTP_PORT=80"));
    edit("host/etc/apache2/sites-available/mailcow-mail.example.org.conf", (text) => text.replace("ServerTokens Prod", "ServerTokens Full"));
    const { out, err } = await installed("--diff");
    expect(out).toContain("-HTTP_PORT=80\n+HTTP_PORT=8080\n");
    for (const [, secret = ""] of readFileSync(path(conf), "utf8").matchAll(/^(?:DBPASS|DBROOT|REDISPASS|API_KEY)=(.+)$/gm)) expect(`${out}${err}`).not.toContain(secret);
    expect(run("patch", ["-p1", "--fuzz=0", "--no-backup-if-mismatch"], { input: out })).toMatchObject({ status: 0 });
    expect(await installed("--check")).toMatchObject({ status: 0 });
  });

  test("with several mailcow hosts behind one proxy, compares the files of the proxy's host, each once", async () => {
    for (const [name, address] of [["org", "10.0.0.21"], ["net", "10.0.0.22"]] as const) {
      mkdirSync(path("two"), { recursive: true });
      writeFileSync(path(`two/${name}.yaml`), `hostname: mail.example.${name}\nmail_domains: []\nmailcow: { http: { bind: ${address} } }\nproxy: { addresses: [10.0.0.10] }\ntargets: [haproxy, mailcow-conf, systemd]\n`);
    }
    const { out } = await mailcowProxy("generate", "--shared", "two", "--installed", "--root", "none", "--check");
    const places = out.trim().split("\n").map((line) => line.replace(/^missing *none/, ""));
    expect(new Set(places).size).toBe(places.length);
    expect(places.filter((place) => /mailcow\.conf|give/.test(place))).toEqual([]);
    expect(places).toContain("/usr/local/sbin/mailcow-mail.example.net-fetch.sh");
  });

  test("lists what HAProxy would still load of a host that now shares it, or no longer does", async () => {
    const [first, second, both] = [["a.yaml"], ["b.yaml"], ["--shared", "a.yaml", "b.yaml"]];
    writeFileSync(path("a.yaml"), "hostname: a.example.org\nmail_domains: []\n");
    writeFileSync(path("b.yaml"), "hostname: b.example.org\nmail_domains: []\nmailcow: { directory: /srv/b, http: { port: 18080 } }\n");
    rmSync(path("host/etc/haproxy"), { recursive: true });
    const put = async (args: string[]) => {
      const { files }: { files: { install_path: string; content: string }[] } = JSON.parse((await mailcowProxy("generate", "--format", "json", "-t", "haproxy", ...args)).out);
      mkdirSync(path("host/etc/haproxy/conf.d"), { recursive: true });
      for (const { install_path, content } of files) writeFileSync(path(`host${install_path}`), content);
    };
    for (const args of [first, both]) await put(args);
    expect(await installed("--check", "-t", "haproxy", ...both)).toMatchObject({ status: 1, out: "no longer generated  host/etc/haproxy/conf.d/mailcow-a.example.org.cfg\n" });
    expect(await installed("--check", "-t", "haproxy", ...first)).toMatchObject({ status: 1, out: "no longer generated  host/etc/haproxy/conf.d/mailcow.cfg\n" });
    expect((await installed("--check", "-t", "nginx", ...first)).out).not.toContain("haproxy");
    // Somebody else's, and one of other hosts, are none of theirs.
    writeFileSync(path("host/etc/haproxy/conf.d/mailcow.cfg"), "# for a.example.org\n");
    expect(await installed("--check", "-t", "haproxy", ...first)).toMatchObject({ status: 0 });
    await put(both);
    edit("host/etc/haproxy/conf.d/mailcow.cfg", (text) => text.replace("a.example.org", "aa.example.org"));
    expect(await installed("--check", "-t", "haproxy", ...first)).toMatchObject({ status: 0 });
    await put(second);
    rmSync(path("host/etc/haproxy/conf.d/mailcow.cfg"));
    expect(await installed("--check", "-t", "haproxy", ...second)).toMatchObject({ status: 0 });
  });

  test("names the keys that a server's own file lacks", async () => {
    const { files }: { files: { install: string; install_path: string; content: string }[] } = JSON.parse((await mailcowProxy("generate", "--format", "json", "-t", "traefik")).out);
    for (const { install_path, content } of files) {
      mkdirSync(path(`host${dirname(install_path)}`), { recursive: true });
      writeFileSync(path(`host${install_path}`), content);
    }
    const own = "host/etc/traefik/traefik.yml";
    expect(files.map(({ install }) => install)).toEqual(["replaced", "merged"]);
    expect(await installed("--check", "-t", "traefik")).toMatchObject({ status: 0, out: "2 files are up to date\n" });
    // What else the administrator has does not count.
    writeFileSync(path(own), `log: { level: WARN }\n${files[1]?.content.replaceAll("readTimeout: 0s", "readTimeout: 0")}`);
    expect(await installed("--check", "-t", "traefik")).toMatchObject({ status: 0 });
    edit(own, (text) => text.replace("    allowACMEByPass: true\n", "").replace("      sanitizePath: false\n", "      sanitizePath: true\n"));
    expect(await installed("--check", "-t", "traefik")).toMatchObject({ status: 1, out: `out of date          ${own}: entryPoints.web.allowACMEByPass, entryPoints.web.http.sanitizePath\n` });
    writeFileSync(path(own), "entryPoints: [\n");
    expect(await installed("--check", "-t", "traefik")).toMatchObject({ status: 1, out: `invalid              ${own}\n` });
    rmSync(path(own));
    expect(await installed("--check", "-t", "traefik")).toMatchObject({ status: 1, out: `missing              ${own}\n` });
  });

  test("lists a mailcow.conf that is not there, and does not make one of the values alone", async () => {
    rmSync(path(conf));
    expect(await installed("--diff", "-t", "mailcow-conf")).toEqual({ status: 1, out: "", err: `missing              ${conf}\n` });
  });
});
