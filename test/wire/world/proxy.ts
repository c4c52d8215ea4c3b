/** The server under test: how it is started, where it complains, and what another site in it looks like. */
import type { Directive } from "../../lint/rule.ts";
import { proxyId } from "./description.ts";

/** Another site in the same server, with its own certificate and, where there is such a thing, the default role. */
export interface Neighbour {
  readonly name: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}

/** Packages with other folders and stock files than the distribution's. */
export type Layout = "rhel" | "nginx.org";

/** A server under test. */
export interface Proxy {
  /** Replace the distribution's layout by that of other packages. The programs stay. */
  readonly layouts: Readonly<Partial<Record<Layout, () => void>>>;
  /** For sh, as the distribution's unit starts the server, but in the foreground. */
  readonly command: string;
  /** How many milliseconds it has to end by itself, where it is not to be waited for as long as others. */
  readonly patience?: number;
  /** Warnings that say nothing of our file: they come with every certificate or site, or the head has the reason. */
  readonly everyday?: RegExp;
  /** Files the server writes to beside its output. */
  readonly logs: readonly string[];
  /** Makes what the distribution's unit would have made before the start. */
  prepare(): Promise<void>;
  /** Switches on what warns by itself, without any site that uses it. */
  enableWhatWarns(): void;
  /** Adds another site, as its administrator would have before ours came. */
  addNeighbour(certificate: string, key: string): Neighbour;
  /** Makes ready for many sites what the head of one would have the administrator do. */
  prepareForMany(folder: string): void;
  /** What an administrator of very many sites gives the whole server; one site has to do without. */
  makeRoom(): void;
  /** Merges files into the administrator's, for a server with such a file: all of a test at once, since each time it is read anew. */
  merge?(installPath: string, contents: readonly string[]): void;
  /** Whether it has read its files, for a server that listens before. */
  isReady?(): boolean;
  /** A command that checks the whole configuration, for a server that has none itself. */
  readonly trial?: string;
  /** The command that has the server reload, as the distribution's unit does it. */
  readonly reload: string;
  /** Where a file with a fault in it keeps the server from loading its configuration. */
  readonly brokenPlace: string;
  /** The 300 s that hold where clients do not wait for news, as the server's file writes them. */
  readonly ordinaryTimeout: RegExp;
  /** The directives of each file by its path, as the server says that it has read them; undefined where it cannot say. */
  readonly readBack: (() => ReadonlyMap<string, Directive[]>) | undefined;
}

const { proxy: loaded }: { readonly proxy: Proxy } = await import(`./servers/${proxyId}.ts`);

export const proxy = loaded;

/** Whether a line of output or log is a warning or worse. */
export function isComplaint(line: string): boolean {
  return proxy.everyday?.test(line) !== true && (/\[(\w+:)?(warn|warning|error|crit|alert|emerg)\]|AH00558|^(warning|error)\b|<[0-4]>|"level":"(?:warn|error|panic|fatal)"|failed/i.test(line) || / (?:WRN|ERR|FTL|PNC) /.test(line));
}
