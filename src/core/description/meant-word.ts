/** Finds the word that a value was meant to be, where a key takes only some words. */
import { nearest } from "../nearest.ts";
import type { MeantAs } from "../problems/problem.ts";
import { otherNames, serverIds, servers } from "../site/servers.ts";

interface Meant {
  readonly nearest: string | undefined;
  /** How the word is known, if it is not a misspelt one. */
  readonly known: MeantAs | undefined;
}

/** Certificate authorities, and the protocol to get certificates from them. */
const authority = /^(?:acme|le|let'?s?[-_ ]?encrypt|zero-?ssl|buypass)$/i;

/** ACME clients, and panels that order certificates themselves. */
const acmeClient = /^(?:acme[.-]?sh|dehydrated|lego|getssl|win-acme|posh-acme|step(?:-ca)?|plesk|ispconfig|cloudpanel|hestia(?:cp)?|c-?panel|opnsense|pfsense|npm|file|own|custom)$/i;

/** Panels that have no target. */
const panel = /^(?:c-?panel|hestia(?:cp)?|directadmin|webmin|virtualmin|froxlor|aapanel|keyhelp|cyberpanel)$/i;

/** What may end TLS in front, and words for whether something does. */
const front = /^(?:yes|no|true|false|on|off|front|proxy|tunnel|cloudflared?|load-?balancer|pangolin)$/i;

/** Distributions with the folders of RHEL. */
const likeRhel = /^(?:rhel|fedora|centos|alma(?:linux)?|rocky(?:linux)?|oracle(?:linux)?|amazon(?:linux)?|el)\b/i;

export function meantWord(key: string, text: string, allowed: readonly string[]): Meant {
  if (key === "issuer" && authority.test(text)) return { nearest: "mailcow", known: "authority" };
  if (key === "issuer" && (acmeClient.test(text) || serverIds.some((id) => servers[id].tlsLibrary === "own" && id === text.toLowerCase()))) return { nearest: undefined, known: "acme-client" };
  if (key === "tls_ends" && front.test(text)) return { nearest: undefined, known: "front" };
  if (key === "targets" && panel.test(text)) return { nearest: undefined, known: "panel" };
  // mailcow's services are called by the names of their programs.
  if (key === "services" && !text.includes("-")) return { nearest: nearest(`${text}-mailcow`, allowed), known: undefined };
  if (key !== "platform") return { nearest: nearest(text, allowed) ?? partOf(text, allowed), known: undefined };
  const word = text.toLowerCase().replace(/^(?:debian|ubuntu)[-_ ]?(?=[a-z])/, "").replace(/^([a-z]+)[-_ ]?(\d+)(?:\.\d+)?$/, "$1-$2");
  const [, named] = Object.entries(otherNames).find(([name]) => name === word) ?? [];
  if (named !== undefined) return { nearest: named, known: "code-name" };
  // Another number is another release, not a misspelt one.
  const numbers = (name: string) => name.replaceAll(/\D/g, "");
  const platform = nearest(text, allowed.filter((name) => numbers(name) === numbers(text)));
  if (platform !== undefined) return { nearest: platform, known: undefined };
  return { nearest: undefined, known: likeRhel.test(text) ? "other-release" : "other-platform" };
}

/** The word of which the text is the beginning, up to a dot, or which it begins with, such as mta-sts of mta-sts.example.org, or whose initials it is. */
function partOf(text: string, allowed: readonly string[]): string | undefined {
  const [only, ...others] = allowed.filter((word) => text.startsWith(`${word}.`) || word.startsWith(`${text}.`));
  if (others.length === 0 && only !== undefined) return only;
  // What people call a program of several words.
  return allowed.find((word) => word.includes("-") && word.split("-").map((part) => part.charAt(0)).join("") === text.toLowerCase());
}
