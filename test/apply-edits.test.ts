/** Edits of a description keep everything else of it: comments, order, and the values of anchors. */
import { describe, expect, test } from "vitest";
import { move, remove, set } from "../src/core/problems/edit.ts";
import { applyEdits } from "../src/core/yaml/apply-edits.ts";

const text = `# The host.
hostname: mail.example.org # its name
# Where mailcow is.
mailcow:
  http: { port: 8081 }
proxy:
  # All of them.
  listen:
    - 192.0.2.10 # first
    - 192.0.2.11
`;

describe("an edit", () => {
  test.each([
    ["sets a value", set("/hostname", "mail.example.net"), text.replace("mail.example.org", "mail.example.net")],
    ["sets an entry", set("/proxy/listen/0", "192.0.2.12"), text.replace("192.0.2.10", "192.0.2.12")],
    ["sets a key that is not there", set("/mailcow/http/bind", "127.0.0.1"), text.replace("port: 8081", "port: 8081, bind: 127.0.0.1")],
    ["adds mappings above a key", set("/tls/hsts/max_age", 3600), `${text}tls:\n  hsts:\n    max_age: 3600\n`],
    ["removes an entry", remove("/proxy/listen/1"), text.replace("    - 192.0.2.11\n", "")],
    ["removes a key", remove("/mailcow"), text.replace("# Where mailcow is.\nmailcow:\n  http: { port: 8081 }\n", "")],
    ["gives a key another name", move("/mailcow/http", "/mailcow/https"), text.replace("  http:", "  https:")],
    ["moves a key to another mapping", move("/proxy/listen", "/listen"), text.replace("proxy:\n  # All of them.\n  listen:\n    - 192.0.2.10 # first\n    - 192.0.2.11\n", "proxy: {}\n# All of them.\nlisten:\n  - 192.0.2.10 # first\n  - 192.0.2.11\n")],
  ])("%s", (_does, edit, expected) => expect(applyEdits(text, [edit])).toBe(expected));

  const anchored = "mailcow:\n  http: &listener { bind: 127.0.0.1, port: &port 8081 }\n  https: *listener\nproxy: { http_port: *port }\n";

  test.each([
    ["through an alias leaves the anchor alone", set("/mailcow/https/port", 8443), "mailcow:\n  http: &listener { bind: 127.0.0.1, port: &port 8081 }\n  https: { bind: 127.0.0.1, port: 8443 }\nproxy: { http_port: *port }\n"],
    ["of an alias leaves the anchor alone", set("/proxy/http_port", 80), anchored.replace("*port", "80")],
    ["of an anchor leaves its aliases alone", set("/mailcow/http/port", 8080), "mailcow:\n  http: &listener { bind: 127.0.0.1, port: 8080 }\n  https: { bind: 127.0.0.1, port: 8081 }\nproxy: { http_port: 8081 }\n"],
    ["that removes an anchor leaves its aliases alone", remove("/mailcow/http"), "mailcow:\n  https: { bind: 127.0.0.1, port: 8081 }\nproxy: { http_port: 8081 }\n"],
  ])("%s", (_does, edit, expected) => expect(applyEdits(anchored, [edit])).toBe(expected));
});
