/** The configuration that OPNsense's HAProxy plugin makes of its forms, in short, with our texts in its fields. */
import { generate } from "../../../../src/index.ts";

/** The texts of a file for such forms, by number. */
function textsOf(content: string): string[] {
  const [, ...texts] = content.split(/^# Text \d\. .*\n/m);
  return texts;
}

const indented = (text: string) => text.trim().split("\n").map((line) => `    ${line}`).join("\n");

/** What stands in haproxy.conf in place of our own file. Its services also have another site, with a rule before the texts. */
export function inForms(description: string, certificate: string): string {
  const { files: [file] } = generate(description, { targets: ["opnsense"] });
  const [global = "", tls = "", frontend = "", backend = ""] = textsOf(file?.content ?? "");
  const service = (name: string, bind: string) => `
frontend ${name} from panel
    bind ${bind} name ${name}
    mode http
    option http-keep-alive
    acl acl_other hdr(host) -i other.example.net
    use_backend other if acl_other
${indented(frontend)}
`;
  return `
global
    tune.bufsize ${/Buffer Size: (\d+)/.exec(global)?.[1]}
${indented(global)}

defaults panel
    log global
    option redispatch -1
    timeout client 30s
    timeout connect 30s
    timeout server 30s
    retries 3
${service("http", "[::]:80 v4v6")}${service("https", `[::]:443 v4v6 ssl alpn h2,http/1.1 crt ${certificate} ${tls.trim()}`)}
backend other from panel
    mode http
    http-request return status 200

backend mailcow from panel
    mode http
    balance source
    server mailcow 127.0.0.1:8080
${indented(backend)}
`;
}
