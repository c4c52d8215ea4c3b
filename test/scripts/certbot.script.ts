/** certbot itself, with the command and the hook of the output, and a CA for tests. */
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, lineage, mailcow, ssl } from "./world/host.ts";
import { directory, startPebble, writePebble } from "./world/pebble.ts";

const names = ["mail.example.org", "autodiscover.example.org", "autoconfig.example.org", "mta-sts.example.org", "webmail.example.org"];
const description = `
hostname: mail.example.org
mail_domains: [example.org]
additional_server_names: [webmail.example.org]
tls: { issuer: certbot, email: you@example.org }
targets: [certbot]
`;
const issue = `/usr/local/sbin/mailcow-mail.example.org-issue.sh --server ${directory}`;
const hook = "/etc/letsencrypt/renewal-hooks/deploy/mailcow-mail.example.org-deploy.sh";
const restart = ["docker compose restart postfix-mailcow dovecot-mailcow nginx-mailcow", mailcow];

/** Pebble, and what stands for mailcow's nginx. */
const start = `${startPebble}
python3 -m http.server --directory ${mailcow}/data/web 80 >/web.log 2>&1 &
wait_for listens 80
`;

let host: Host;

beforeAll(() => {
  host = new Host(description);
  writePebble(host);
  host.write(`${mailcow}/data/web/index.html`, "");
});
afterAll(() => host.dispose());

/** Each step leaves what mailcow has then in a folder, and what the stand-ins were called with. */
const steps = `
set -e
step() {
    mkdir "/$1"
    cp ${ssl}/cert.pem "/$1"
    mv /log "/$1"
    : >/log
}
${issue} --dry-run; step dry-run
${issue}; step first
${issue}; step again
certbot renew --no-random-sleep-on-renew --force-renewal; step renewed
mkdir /failing; : >/failing/docker
certbot renew --no-random-sleep-on-renew --force-renewal; step failed
rm /failing/docker
${hook}; step made-up-for
`;

/** A step's certificate, and what the stand-ins were called with. */
function after(step: string): { certificate: X509Certificate; calls: string[] } {
  return {
    certificate: new X509Certificate(host.read(`/${step}/cert.pem`)),
    calls: host.read(`/${step}/log`).split("\n").filter((line) => line !== "" && !line.startsWith("serial=")),
  };
}

test("certbot fetches a certificate for exactly the described names, renews it, and has the hook run once for each", async () => {
  host.write("/commands.sh", `exec >/certbot.log 2>&1\n${start}${steps}`);
  const { status } = await host.run("sh", ["/commands.sh"], { network: true, env: { REQUESTS_CA_BUNDLE: "/api.pem" } });
  const logs = ["dns", "pebble", "web", "certbot"].map((name) => host.read(`/${name}.log`));
  expect({ status, logs: status === 0 ? [] : logs }).toEqual({ status: 0, logs: [] });

  expect(after("dry-run").calls).toEqual([]);
  const first = after("first");
  expect(first.certificate.subjectAltName?.split(", ").toSorted()).toEqual(names.map((name) => `DNS:${name}`).toSorted());
  expect(first.calls).toEqual(restart);

  const again = after("again");
  expect(again.certificate.serialNumber).toBe(first.certificate.serialNumber);
  expect(again.calls).toEqual([]);

  // Once, though certbot knows the hook by its command and by its folder.
  const renewed = after("renewed");
  expect(renewed.certificate.serialNumber).not.toBe(first.certificate.serialNumber);
  expect(renewed.calls).toEqual(restart);

  // certbot carries on when the hook fails, and the hook makes up for it.
  const failed = after("failed");
  expect(failed.certificate.serialNumber).not.toBe(renewed.certificate.serialNumber);
  expect(failed.calls).toEqual([restart[0]]);
  expect(host.read("/certbot.log")).toContain("mailcow is not restarted");
  expect(after("made-up-for").calls).toEqual(restart);
  expect(host.read(`${ssl}/cert.pem`)).toBe(host.read(`${lineage}/fullchain.pem`));
});
