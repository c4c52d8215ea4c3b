/** A renewed certificate reaches clients by the scripts of the output, and one that is no good does not. */
import { writeFileSync, chmodSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { servers } from "../../src/core/site/servers.ts";
import { renderAll } from "../../src/pipeline/render.ts";
import { sha256 } from "../../src/core/output/sha256.ts";
import { type Authority, type Certificate, makeAuthority } from "./world/certificate.ts";
import { openSocket } from "./world/client.ts";
import { attempt } from "./world/command.ts";
import { proxyId, renderValid } from "./world/description.ts";
import { freshFilesystem, prepareFolder } from "./world/filesystem.ts";
import { install } from "./world/installation.ts";
import { proxy } from "./world/proxy.ts";
import { endpoints, type Running, sleep, startServer } from "./world/world.ts";

const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org"];
const ssl = "/opt/mailcow-dockerized/data/assets/ssl";
const archive = "/etc/letsencrypt/archive/mail.example.org";
const live = "/etc/letsencrypt/live/mail.example.org";

const systemctl = `#!/bin/sh\n[ "$1" = is-active ] || ${proxy.reload}\n`;

interface Way {
  readonly tls: string;
  readonly target: "systemd" | "certbot";
  readonly script: string;
  /** Puts a pair where its keeper has it. */
  place(pair: Certificate): void;
}

let issued = 0;

const ways: Record<string, Way> = {
  "of mailcow": {
    tls: "{}",
    target: "systemd",
    script: "/usr/local/sbin/mailcow-mail.example.org-reload.sh",
    place({ certificate, key }) {
      put(`${ssl}/cert.pem`, certificate);
      put(`${ssl}/key.pem`, key);
    },
  },
  "of certbot": {
    tls: "{ issuer: certbot, email: you@example.org }",
    target: "certbot",
    script: "/etc/letsencrypt/renewal-hooks/deploy/mailcow-mail.example.org-deploy.sh",
    place({ certificate, key }) {
      issued++;
      for (const [name, content] of [["fullchain", certificate], ["privkey", key]] as const) {
        put(`${archive}/${name}${issued}.pem`, content);
        prepareFolder(`${live}/${name}.pem`);
        rmSync(`${live}/${name}.pem`, { force: true });
        symlinkSync(`${archive}/${name}${issued}.pem`, `${live}/${name}.pem`);
      }
    },
  },
};

function put(file: string, content: string, mode = 0o600): void {
  prepareFolder(file);
  writeFileSync(file, content);
  chmodSync(file, mode);
}

/** What a client is shown. */
async function shown(): Promise<string | undefined> {
  const socket = (await openSocket({ host: "192.0.2.10", port: 443, from: "203.0.113.10", tls: { servername: "mail.example.org" } })) as TLSSocket;
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256;
  socket.destroy();
  return fingerprint;
}

function fingerprint({ certificate }: Certificate): string {
  return new X509Certificate(certificate).fingerprint256;
}

/** Waits until new workers have taken over. */
async function showing(pair: Certificate): Promise<string | undefined> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await shown().catch(String);
    if (found === fingerprint(pair) || Date.now() > deadline) return found;
    await sleep(50);
  }
}

describe.each(Object.entries(ways))("certificates %s", (_, { tls, target, script, place }) => {
  let authority: Authority;
  let running: Running;
  /** What clients are to be shown. */
  let latest: Certificate;

  beforeAll(async () => {
    freshFilesystem();
    authority = makeAuthority();
    await proxy.prepare();
    const { site, outputs } = renderValid(`hostname: mail.example.org\nmail_domains: [example.org]\ntls: ${tls}\n`);
    for (const { installPath = "", content, mode } of renderAll([{ site, targets: [target] }], { sha256 })) put(installPath, content, Number.parseInt(mode, 8));
    put("/opt/mailcow-dockerized/mailcow.conf", "SKIP_LETS_ENCRYPT=y\n");
    put(`${ssl}/dhparams.pem`, "");
    put("/usr/local/sbin/systemctl", systemctl, 0o755);
    put("/usr/local/sbin/docker", "#!/bin/sh\n", 0o755);
    latest = authority.issue(names);
    place(latest);
    expect(install(outputs)).toEqual([]);
    running = await startServer(endpoints(site), new Set());
  });
  afterAll(() => running.stop());

  const run = () => attempt("env", `PATH=/usr/local/sbin:${process.env["PATH"] ?? ""}`, script);

  describe("TLS", () => {
    test("a renewed certificate is shown as soon as its script has run", async () => {
      expect(await shown()).toBe(fingerprint(latest));
      for (let round = 0; round < 2; round++) {
        latest = authority.issue(names);
        place(latest);
        expect(run()).toEqual({ status: 0, text: "" });
        expect(await showing(latest)).toBe(fingerprint(latest));
      }
    });

    test("what the server refuses leaves the old one in place, until it is mended", async () => {
      put(proxy.brokenPlace, "broken\n");
      const renewed = authority.issue(names);
      place(renewed);
      const { status, text } = run();
      // A server that watches its files has no command that could fail.
      if (servers[proxyId].installations.debian.watches === true) expect({ status, text }).toEqual({ status: 0, text: "" });
      else {
        expect(status).toBe(3);
        expect(text).toContain("is not reloaded: its configuration is refused by");
      }
      // For a moment after the reload before, a worker of before it may still answer.
      expect(await showing(latest)).toBe(fingerprint(latest));
      expect(await shown()).not.toBe(fingerprint(renewed));
      rmSync(proxy.brokenPlace);
      expect(run()).toEqual({ status: 0, text: "" });
      expect(await showing(renewed)).toBe(fingerprint(renewed));
    });

    if (target === "certbot") test("mailcow has it as well", () => {
      expect(readFileSync(`${ssl}/cert.pem`, "utf8")).toBe(readFileSync(`${live}/fullchain.pem`, "utf8"));
    });
  });
});
