/** Networks of proxies in front that their operators publish, by the name that a description has for them. */
import { keysOf } from "../keys-of.ts";
import published from "./published-networks.json" with { type: "json" };

export interface Preset {
  /** The operator. */
  readonly title: string;
  /** Canonical CIDR networks. `build/renew-networks.js` renews them. */
  readonly networks: readonly string[];
  /** The day on which they were read: `2026-08-22`. */
  readonly read: string;
  /** What it does not let through, by its own documentation. */
  readonly limits: {
    /** For how many seconds it waits for an answer. */
    readonly seconds: number;
    /** The largest body in megabytes, and the plans that this is for. */
    readonly megabytes: number;
    readonly plans: string;
    /** The page that says what to do. */
    readonly page: string;
  };
}

const rows = {
  // https://developers.cloudflare.com/fundamentals/reference/connection-limits/ and /workers/platform/limits/, read on 2026-08-22
  cloudflare: { title: "Cloudflare", ...published.cloudflare, limits: { seconds: 120, megabytes: 100, plans: "Free and Pro", page: "docs/situations/cloudflare.md" } },
} as const satisfies Readonly<Record<keyof typeof published, Preset>>;

type PresetName = keyof typeof rows;

export const presets: Readonly<Record<PresetName, Preset>> = rows;

export const presetNames: readonly PresetName[] = keysOf(presets);

/** The preset with this name. */
export function presetOf(text: string): Preset | undefined {
  const name = presetNames.find((known) => known === text);
  return name === undefined ? undefined : presets[name];
}
