// @ts-check
/** What was measured, as a table and as verdicts. */

/** @typedef {import("./world.ts").Sample} Sample */
/**
 * A load on a server. Each round has samples of the guide's configuration and the generated one: of each while the other
 * was idle, and of both while they shared the server's core. The upstream alone has one sample, and none together. A current
 * program has its version.
 * @typedef {{ load: string, target: string, version?: string | undefined, rounds: { alone: readonly Sample[], together: readonly Sample[] }[] }} Line
 */

/** Of the guide's requests per second. For Caddy and Traefik, the guide is mailcow's page for each. */
const reaches = { nginxKept: 3, ofPages: 1, every: 0.95 };
const withPages = new Set(["caddy", "traefik"]);

export const loads = new Map([
  ["kept", "keep-alive"],
  ["new", "a new connection per request"],
]);
const names = new Map([["nginx", "nginx"], ["apache", "Apache"], ["haproxy", "HAProxy"], ["caddy", "Caddy"], ["traefik", "Traefik"], ["alone", "upstream alone"]]);

/** @param {Line} line */
const serverOf = ({ target, version }) => `${names.get(target) ?? target}${version === undefined ? "" : ` ${version}`}`;

/** @param {readonly number[]} figures */
const median = (figures) => figures.toSorted((left, right) => left - right)[figures.length >> 1] ?? Number.NaN;

/** @param {readonly Sample[]} samples @param {keyof Sample} figure */
const medianOf = (samples, figure) => median(samples.map((sample) => sample[figure]));

/**
 * How many requests the generated configuration serves in the processor time of one of the guide's, while both share the
 * core: what slows the machine down slows both.
 * @param {Line} line
 * @returns {number} NaN for the upstream
 */
const ratio = ({ rounds }) =>
  median(rounds.map(({ together: [guide, generated] }) => (guide?.cost ?? Number.NaN) / (generated?.cost ?? Number.NaN)));

/** @param {Line} line */
const isCompared = ({ rounds }) => rounds.every(({ together }) => together.length > 0);

/** @param {readonly Line[]} lines @returns {string} in Markdown */
export function tableOf(lines) {
  const head = ["clients", "server", "guide", "p99", "generated", "p99", "ratio at once", "core busy"];
  const rows = [...loads].flatMap(([load, clients]) => lines.filter((line) => line.load === load).map((line) => [
    clients,
    serverOf(line),
    ...(isCompared(line) ? [] : ["", ""]),
    ...byConfiguration(line).flatMap(figures),
    isCompared(line) ? ratio(line).toFixed(2) : "",
    `${(Math.min(...byConfiguration(line).map((samples) => medianOf(samples, "busy"))) * 100).toFixed(0)} %`,
  ]));
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  /** @param {readonly string[]} cells */
  const show = (cells) => `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column < 2 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [show(head), rule, ...rows.map(show)].join("\n");
}

/** The samples of each configuration alone. @param {Line} line @returns {Sample[][]} */
function byConfiguration({ rounds }) {
  return (rounds[0]?.alone ?? []).map((_, configuration) => rounds.flatMap(({ alone }) => alone[configuration] ?? []));
}

/** @param {readonly Sample[]} samples */
function figures(samples) {
  return [`${medianOf(samples, "requestsPerSecond").toFixed(0)}/s`, `${medianOf(samples, "p99").toFixed(1)} ms`];
}

/** @param {readonly Line[]} lines @returns {{ reached: boolean, sentence: string }[]} */
export function judge(lines) {
  const compared = lines.filter(isCompared);
  const verdicts = compared.filter(({ load, target }) => load === "kept" && target === "nginx").map((line) => ({
    reached: ratio(line) >= reaches.nginxKept,
    sentence: `nginx serves keep-alive clients ${reaches.nginxKept} times the guide's requests per second: ${ratio(line).toFixed(2)}`,
  }));
  for (const [reach, whose, isOne] of /** @type {const} */ ([
    [reaches.every, "the guide's", (/** @type {Line} */ { target }) => !withPages.has(target)],
    [reaches.ofPages, "what mailcow's page for the server has", (/** @type {Line} */ { target }) => withPages.has(target)],
  ])) {
    const [lowest] = compared.filter(isOne).toSorted((left, right) => ratio(left) - ratio(right));
    if (lowest === undefined) continue;
    verdicts.push({
      reached: ratio(lowest) >= reach,
      sentence: `no line is below ${reach} of ${whose}; the lowest, ${serverOf(lowest)} with ${loads.get(lowest.load)}: ${ratio(lowest).toFixed(2)}`,
    });
  }
  return verdicts;
}
