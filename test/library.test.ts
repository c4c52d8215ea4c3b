/** The library: text in, files and diagnostics out. */
import { describe, expect, test } from "vitest";
import { generate, validate } from "../src/index.ts";
import { parse } from "../src/core/yaml/parse.ts";
import { identifier, identifierWithin, fileStem } from "../src/core/site/identifier.ts";

const minimal = "hostname: mail.example.org\n";

describe("generate", () => {
  test("renders the four targets in one order", () => {
    const { files, diagnostics } = generate(minimal);
    expect(diagnostics).toEqual([]);
    expect(files.map(({ target, path, installPath, mode }) => ({ target, path, installPath, mode }))).toEqual([
      { target: "nginx", path: "nginx/mailcow-mail.example.org.conf", installPath: "/etc/nginx/sites-available/mailcow-mail.example.org.conf", mode: "0644" },
      { target: "apache", path: "apache/mailcow-mail.example.org.conf", installPath: "/etc/apache2/sites-available/mailcow-mail.example.org.conf", mode: "0644" },
      { target: "haproxy", path: "haproxy/mailcow-mail.example.org.cfg", installPath: "/etc/haproxy/conf.d/mailcow-mail.example.org.cfg", mode: "0644" },
      { target: "mailcow-conf", path: "mailcow-conf/mailcow-mail.example.org.conf", installPath: "/opt/mailcow-dockerized/mailcow.conf", mode: "0600" },
    ]);
  });

  test("renders the targets it is asked for, in place of the description's", () => {
    const { files } = generate(`${minimal}targets: [nginx]\n`, { targets: ["mailcow-conf", "haproxy"] });
    expect(files.map(({ target }) => target)).toEqual(["haproxy", "mailcow-conf"]);
  });

  test("asks nothing of targets that are not rendered", () => {
    const description = `${minimal}proxy: { proxy_protocol: { send: true } }\n`;
    expect(generate(description).files).toEqual([]);
    expect(generate(description, { targets: ["haproxy"] }).diagnostics).toEqual([]);
  });

  test("takes bytes and text alike", () => {
    expect(generate(new TextEncoder().encode(`\ufeff${minimal}`))).toEqual(generate(`\ufeff${minimal}`));
    expect(generate(`\ufeff${minimal}`)).toEqual(generate(minimal));
  });
});

describe("diagnostics", () => {
  test("say where and what", () => {
    expect(validate("hostname: mail.example.org\nmailcow:\n  http: { port: 8081 }\n", { file: "mail.yaml" })).toEqual([
      {
        code: "port-reserved",
        severity: "error",
        file: "mail.yaml",
        line: 3,
        column: 17,
        length: 4,
        source: "  http: { port: 8081 }",
        pointer: "/mailcow/http/port",
        message: "mailcow's nginx already uses port 8081 inside its container: Rspamd fetches its maps there",
        help: "use another port, e.g. 8080",
        edits: [{ op: "set", pointer: "/mailcow/http/port", value: 8080 }],
      },
    ]);
  });

  test("count columns in characters", () => {
    const [diagnostic] = validate("hostname: mail.example.org\nmail_domains: [😀.example, b_.example]\n");
    expect(diagnostic).toMatchObject({ line: 2, column: 16, length: 9 });
    expect(validate("hostname: mail.example.org\nmail_domains: [😀.example, b_.example]\n")[1]).toMatchObject({ column: 27, length: 10 });
  });

  test("of a misshapen value do not hide those of others", () => {
    const codes = validate('hostname: mail\nmailcow: { http: { port: 8081 }, https: { port: "8081" } }\n').map(({ code }) => code);
    expect(codes).toEqual(["host-name", "port-reserved", "port-quoted"]);
  });

  test("do not speak of a default that stands in for a misshapen value", () => {
    const codes = validate("hostname: mail.example.org\nmailcow: { http: { port: x }, https: { port: 8080 } }\n").map(({ code }) => code);
    expect(codes).toEqual(["port"]);
  });
});

describe("limits", () => {
  test("an oversized description is refused before it is parsed", () => {
    expect(validate(`${minimal}#${"x".repeat(1024 * 1024)}`).map(({ code }) => code)).toEqual(["too-large"]);
  });

  test("problems are reported up to a hundred", () => {
    const many = Array.from({ length: 300 }, (_, index) => `x${index}: 1`).join("\n");
    const diagnostics = validate(`${minimal}${many}\n`);
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.filter(({ code }) => code === "more")).toMatchObject([{ severity: "note", message: "there are more problems; only the first 100 are shown" }]);
  });

  test("a list has its limit", () => {
    const networks = Array.from({ length: 1001 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`).join(", ");
    expect(validate(`${minimal}proxy: { trusted_proxies: [${networks}] }\n`).map(({ code }) => code)).toEqual(["too-many-items"]);
  });

  test("a chain of aliases ends at once", () => {
    const chain = Array.from({ length: 500 }, (_, index) => `n${index + 1}: &n${index + 1} { a: *n${index}, b: *n${index} }`).join("\n");
    expect(validate(`n0: &n0 x\n${chain}\n`).map(({ code }) => code)).toEqual(["yaml-alias-limit"]);
  });

  test("depth is refused whatever it is made of", () => {
    for (const deep of ["[".repeat(100_000), "{a: ".repeat(20_000), `${"- ".repeat(10_000)}x`, "? ".repeat(10_000)]) {
      expect(parse(deep).problems.map(({ code }) => code)).toContain("yaml-depth");
    }
  });
});

describe("identifiers", () => {
  test("differ for names that only punctuation tells apart", () => {
    const names = ["a-b.example", "a.b.example", "a--b.example", "a.b-example.org", "a-b-example.org", "a.b.example.org"];
    expect(new Set(names.map(identifier)).size).toBe(names.length);
  });

  test("are short, and differ for long names with one beginning", () => {
    const long = ["x", "y"].map((end) => `${"mail.".repeat(40)}${end}.example`);
    for (const make of [identifier, fileStem, (name: string) => identifierWithin(name, 20)]) expect(new Set(long.map(make)).size).toBe(2);
    for (const name of long) {
      expect(identifier(name)).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(identifierWithin(name, 20)).toMatch(/^[a-z0-9_]{1,20}$/);
      expect(fileStem(name).length).toBeLessThanOrEqual(220);
    }
  });
});
