/** The arbitrary descriptions are of the whole schema: what is never made would never be tried. */
import fc from "fast-check";
import { expect, test } from "vitest";
import schema from "../schemas/description.schema.json" with { type: "json" };
import { description } from "./descriptions.ts";

/** What of the schema this test reads. */
interface Node {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly minItems?: number;
}

/** The forms that a value may have, by its definition in the schema. */
const forms: Readonly<Record<string, Readonly<Record<string, (text: string) => boolean>>>> = {
  hostName: {
    "in lower case": (text) => /^[a-z0-9.-]+$/.test(text),
    "in upper case": (text) => /[A-Z]/.test(text),
    "with U-labels": (text) => /[^\x00-\x7f]/.test(text),
    "with A-labels": (text) => /(?:^|\.)xn--/.test(text),
    "beginning with a digit": (text) => /^\d/.test(text),
    "longer than nginx' hash takes": (text) => text.length > 46,
  },
  serverName: { "a name": (text) => !text.includes("*"), "a label": (text) => /^[^.]+\.\*$/.test(text), "two labels": (text) => /\..*\.\*$/.test(text) },
  certificateName: { "a name": (text) => !text.includes("*"), "a label": (text) => text.endsWith(".*"), "a wildcard": (text) => text.startsWith("*.") },
  bind: { "IPv4": (text) => text.includes("."), "IPv6": (text) => text.includes(":"), "every address": (text) => text === "" },
  address: { "IPv4": (text) => text.includes("."), "IPv6": (text) => text.includes(":") },
  upstreamAddress: { "IPv4": (text) => /^[\d.]+$/.test(text), "IPv6": (text) => text.includes(":"), "a container": (text) => /^[a-z-]+$/i.test(text), "a host": (text) => /[a-z]\./i.test(text) },
  entryPoint: { "a word": (text) => /^[a-z]+$/.test(text), "with other characters": (text) => /[-_]/.test(text) },
  network: {
    "IPv4": (text) => /^[\d.]+$/.test(text),
    "IPv6": (text) => /^[^/]*:[^/]*$/.test(text),
    "an IPv4 network": (text) => /^[\d.]+\/\d+$/.test(text),
    "an IPv6 network": (text) => /:.*\/\d+$/.test(text),
  },
  clients: { "an address": (text) => /^[^/]+$/.test(text) && text !== "all", "a network": (text) => text.includes("/"), "everyone": (text) => text === "all" },
  trustedProxy: { "a network": (text) => /[.:]/.test(text), "a name": (text) => !/[.:]/.test(text) },
  port: { "a number": () => true },
  seconds: { "a number": () => true },
  count: { "a number": () => true },
  duration: { "short": (text) => /^\d[smh]$/.test(text), "long": (text) => /^\d{5}[dw]$/.test(text) },
  banlist: { "with a port": (text) => /:\d+\//.test(text), "without one": (text) => !/:\d+\//.test(text) },
  ipv4Network: { "mailcow's own": (text) => text === "172.22.1", "another": (text) => text !== "172.22.1" },
  rspamdHash: { "PBKDF2": (text) => text.startsWith("$1$"), "Catena": (text) => text.startsWith("$2$") },
  filePath: { "of one part": (text) => /^\/[^/]+$/.test(text), "of several": (text) => /^\/.+\//.test(text), "hidden": (text) => text.includes("/.") },
  verify: { "off": (text) => text === "off", "a path": (text) => text.startsWith("/") },
  email: { "with a dot": (text) => /\..*@/.test(text), "without one": (text) => !/\..*@/.test(text) },
  loginName: { "an address": (text) => text.includes("@"), "a word": (text) => /^\w+$/.test(text) },
  variable: { "in upper case": (text) => /^[A-Z_]+$/.test(text), "with a digit": (text) => /\d/.test(text) },
  urlPath: { "everything": (text) => text === "/", "with a slash at the end": (text) => /.\/$/.test(text), "without one": (text) => !text.endsWith("/") },
  user: { "of one name": (text) => /^\w+:/.test(text), "an address": (text) => /^[^:]*@/.test(text) },
  version: { "of two numbers": (text) => /^\d+\.\d+$/.test(text), "of three": (text) => /^\d+\.\d+\.\d+$/.test(text) },
};

/** Everything that a value of the schema may be, each thing a line. */
function possible(node: Node, pointer: string): string[] {
  const kind = node.$ref?.replace("#/$defs/", "");
  if (kind !== undefined) return Object.keys(forms[kind] ?? {}).map((form) => `${pointer} ${form}`);
  if (node.enum !== undefined) return node.enum.map((value) => `${pointer} ${value}`);
  if (node.type === "boolean") return [`${pointer} false`, `${pointer} true`];
  if (node.items !== undefined) return [...(node.minItems === undefined ? [`${pointer} empty`] : []), `${pointer} of one`, `${pointer} of several`, ...possible(node.items, `${pointer}/*`)];
  return Object.entries(node.properties ?? {}).flatMap(([key, inner]) => [...(node.required?.includes(key) === true ? [] : [`${pointer}/${key} absent`]), ...possible(inner, `${pointer}/${key}`)]);
}

/** The same of a description. */
function actual(value: unknown, node: Node, pointer: string): string[] {
  const kind = node.$ref?.replace("#/$defs/", "");
  if (kind !== undefined) return Object.entries(forms[kind] ?? {}).filter(([, is]) => is(String(value))).map(([form]) => `${pointer} ${form}`);
  if (Array.isArray(value)) return [`${pointer} ${["empty", "of one"][value.length] ?? "of several"}`, ...value.flatMap((item) => actual(item, node.items ?? {}, `${pointer}/*`))];
  if (typeof value !== "object" || value === null) return [`${pointer} ${String(value)}`];
  const entries = new Map(Object.entries(value));
  return Object.entries(node.properties ?? {}).flatMap(([key, inner]) => (entries.has(key) ? actual(entries.get(key), inner, `${pointer}/${key}`) : [`${pointer}/${key} absent`]));
}

test("there are forms of every definition", () => expect(Object.keys(forms).toSorted()).toEqual(Object.keys(schema.$defs).toSorted()));

test("every key, every value of an enumeration and every form is made, and every key is left out", () => {
  const made = new Set(fc.sample(description, { seed: 20_260_401, numRuns: 2_000 }).flatMap((data) => actual(data, schema, "")));
  // Phones and calendars need paths below it, and a rule wants the password.
  const wanted = possible(schema, "").filter((one) => one !== "/basic_auth/paths/* everything" && one !== "/rspamd/enable_password absent" && one !== "/mail/address IPv6");
  expect(wanted.length).toBeGreaterThan(150);
  expect(wanted.filter((one) => !made.has(one))).toEqual([]);
});
