// @ts-check
/**
 * What many hosts cost: `generate` of 100, 1,000 and 10,000 descriptions, four targets each, into a new folder, on one
 * core, beside rendering one template for each host with j2 in the same run. Prints the table of docs/performance.md.
 *
 * Time is taken twice: of the whole program, start-up included, and in a process that has rendered others before, where
 * neither start-up nor the compiler of JavaScript counts. That is where one sees whether each costs the same.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const counts = [100, 1000, 10_000];
const rounds = 3;
/** So many hosts are rendered with j2, which takes the same time for each. */
const hostsOfJ2 = 20;

const project = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-bench-"));
const path = (/** @type {string} */ name) => join(folder, name);

/** @param {string[]} command @param {Record<string, string>} [env] */
function onOneCore(command, env = {}) {
  const began = performance.now();
  const { status, stderr, error } = spawnSync("taskset", ["-c", "0", ...command], { env: { ...process.env, ...env }, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  const milliseconds = performance.now() - began;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  return { milliseconds, stderr };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

const description = (/** @type {number} */ number) =>
  `hostname: mail.host${number}.example.org\nmail_domains: [host${number}.example.org, host${number}.example.net]\nproxy: { addresses: [10.1.${number >> 8}.${number & 255}] }\n`;

/** Every run writes to a new folder, and all are taken away at the end: ext4 is slow to use again what was just freed. */
let outputs = 0;
const newFolder = () => path(`output-${outputs++}`);

/** Keeps the peak of memory, and what is still in use after the collection of garbage, in MiB. */
const memoryProbe = `process.on("exit", () => {
  const peak = process.resourceUsage().maxRSS / 1024;
  globalThis.gc();
  process.stderr.write(JSON.stringify([peak, process.memoryUsage().heapUsed / 1024 ** 2]));
});\n`;

const warmRuns = `
  const { createRequire } = require("node:module");
  const { run, processIo } = createRequire(${JSON.stringify(join(project, "dist/"))})("./program.cjs");
  (async () => {
    const times = [];
    const generate = async (hosts, output) => {
      const began = performance.now();
      if ((await run(["generate", hosts, "-o", output], processIo())) !== 0) throw new Error(hosts);
      return performance.now() - began;
    };
    const [warmUp, ...runs] = JSON.parse(process.argv[1]);
    await generate(...warmUp);
    for (const one of runs) times.push(await generate(...one));
    process.stderr.write(JSON.stringify(times));
  })();
`;

try {
  const prepared = spawnSync("sh", [join(project, "test/servers.sh"), "taskset:util-linux", "j2:j2cli"], { stdio: "inherit" });
  if (prepared.status !== 0) throw new Error("the programs to compare with are not here");
  for (const count of counts) {
    mkdirSync(path(`hosts-${count}`));
    for (let number = 0; number < count; number++) writeFileSync(path(`hosts-${count}/${number}.yaml`), description(number));
  }
  const program = join(project, "dist/bin.cjs");
  writeFileSync(path("probe.mjs"), memoryProbe);

  const inRounds = Array.from({ length: rounds }, () => counts).flat();
  const whole = inRounds.map((count) => {
    const { milliseconds, stderr } = onOneCore([process.execPath, program, "generate", path(`hosts-${count}`), "-o", newFolder()], { NODE_OPTIONS: `--expose-gc --import=${path("probe.mjs")}` });
    /** @type {[number, number]} */
    const [peak, live] = JSON.parse(stderr);
    return { count, milliseconds, peak, live };
  });
  const runs = [1000, ...inRounds].map((count) => [path(`hosts-${count}`), newFolder()]);
  /** @type {number[]} */
  const warm = JSON.parse(onOneCore([process.execPath, "-e", warmRuns, JSON.stringify(runs)]).stderr);

  // The same template for j2: what one host has for nginx, with a variable in place of its name.
  const example = spawnSync(process.execPath, [program, "generate", path("hosts-100/0.yaml"), "-t", "nginx"], { encoding: "utf8" }).stdout;
  writeFileSync(path("template.j2"), example.replaceAll("mail.host0.example.org", "{{ hostname }}"));
  const j2 = Array.from({ length: hostsOfJ2 }, (_, number) => {
    const target = path(`j2-${number}.conf`);
    const { milliseconds } = onOneCore(["sh", "-c", 'j2 "$1" "$2" > "$3"', "sh", path("template.j2"), path(`hosts-100/${number}.yaml`), target]);
    if (!readFileSync(target, "utf8").includes(`mail.host${number}.example.org`)) throw new Error("j2 has rendered something else");
    return milliseconds;
  });

  console.log(`Median of ${rounds} runs each on one core; of j2, of ${hostsOfJ2} hosts.\n`);
  console.log("| descriptions | whole run | descriptions a second | each, warm | peak resident | in use |\n|---:|---:|---:|---:|---:|---:|");
  for (const count of counts) {
    const own = whole.filter((run) => run.count === count);
    const time = median(own.map(({ milliseconds }) => milliseconds));
    const each = median(warm.filter((_, index) => inRounds[index] === count)) / count;
    const [peak, live] = [median(own.map((run) => run.peak)), median(own.map((run) => run.live))];
    console.log(`| ${count.toLocaleString("en")} | ${(time / 1000).toFixed(2)} s | ${((1000 * count) / time).toFixed(0)} | ${each.toFixed(2)} ms | ${peak.toFixed(0)} MiB | ${live.toFixed(1)} MiB |`);
  }
  console.log(`\nj2, one template of the four: ${median(j2).toFixed(0)} ms for each host, ${(1000 / median(j2)).toFixed(1)} hosts a second.`);
} finally {
  rmSync(folder, { recursive: true });
}
