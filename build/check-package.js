// @ts-check
/**
 * Installs the package as it would be published into an empty folder and uses it there: the program runs, the library
 * can be imported, its types hold under both of TypeScript's resolutions, nothing else is needed, and each link of its
 * documents leads to a file and a heading that the package has.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-package-"));

/** @param {string} command @param {string[]} args @param {string} [input] */
function run(command, args, input) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", input });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/**
 * The links of the package's documents that lead nowhere in it.
 *
 * @param {string} home the package's folder
 */
function brokenLinks(home) {
  const documents = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).map((name) => join(home, name));
  const links = documents.flatMap((document) => linksOf(document).map((link) => ({ document, link })));
  if (links.length < 50) throw new Error(`the documents of the package have only ${links.length} links`);
  return links.filter(({ document, link }) => !leads(document, link)).map(({ document, link }) => `${relative(home, document)}: ${link}`);
}

/** @param {string} document @returns {string[]} its links, without those to other sites */
function linksOf(document) {
  const text = readFileSync(document, "utf8").replaceAll(/^ *```.*?^ *```$/gms, "").replaceAll(/`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !link.startsWith("https://"));
}

/** @param {string} document @param {string} link */
function leads(document, link) {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? document : join(dirname(document), path);
  return existsSync(target) && (heading === undefined || headingsOf(target).includes(heading));
}

/** As GitHub and GitLab make anchors of headings. @param {string} document */
function headingsOf(document) {
  return [...readFileSync(document, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, "").replaceAll(" ", "-"));
}

const consumer = `
import { type Diagnostic, type OutputFile, type TargetId, applyEdits, generate, mergeMailcowConf, validate } from "mailcow-proxy";

const targets: TargetId[] = ["nginx"];
const files: readonly OutputFile[] = generate("hostname: mail.example.org", { targets }).files;
const diagnostics: readonly Diagnostic[] = validate(new Uint8Array());
if (files.length !== 1 || diagnostics[0]?.code !== "empty") throw new Error("the library does not work");
if (applyEdits("hostname: a.example.org # mine\\n", [{ op: "set", pointer: "/hostname", value: "b.example.org" }]) !== "hostname: b.example.org # mine\\n") throw new Error("the library does not write");
if (mergeMailcowConf("hostname: mail.example.org", new Uint8Array()).bytes === undefined) throw new Error("the library does not merge");
`;

try {
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder, project]);
  const [tarball = ""] = readdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--offline", join(folder, tarball)]);
  const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  if (installed.join() !== "mailcow-proxy") throw new Error(`the package brings ${installed.join(", ")}`);

  const broken = brokenLinks(join(folder, "node_modules/mailcow-proxy"));
  if (broken.length > 0) throw new Error(`these links lead nowhere in the package:\n${broken.join("\n")}`);

  const output = run("node_modules/.bin/mailcow-proxy", ["generate", "-", "-t", "mailcow-conf"], "hostname: mail.example.org");
  if (!output.includes("MAILCOW_HOSTNAME=mail.example.org\n")) throw new Error(`the program printed:\n${output}`);

  const page = spawnSync("node_modules/.bin/mailcow-proxy", ["page"], { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"] } }).stdout.trim();
  if (!page.endsWith("/dist/web/mailcow-proxy.html") || !readFileSync(page, "utf8").startsWith("<!doctype html>")) throw new Error(`the page is not at ${page}`);

  writeFileSync(join(folder, "consumer.ts"), consumer);
  const compiler = join(project, "node_modules/.bin/tsc");
  const options = ["--strict", "--skipLibCheck", "false", "--types", "", "--lib", "es2023", "--target", "es2023"];
  run(compiler, [...options, "--noEmit", "--module", "esnext", "--moduleResolution", "bundler", "consumer.ts"]);
  run(compiler, [...options, "--module", "nodenext", "consumer.ts"]);
  run("node", ["consumer.js"]);
  console.log("The package works as it would be published.");
} finally {
  rmSync(folder, { recursive: true });
}
