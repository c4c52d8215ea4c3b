/** The questions that `init` asks on a terminal. */
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { type Draft, valueAt, withValue } from "../core/description/new-description.ts";
import { checker } from "../pipeline/check.ts";
import { serverIds } from "../core/site/servers.ts";
import { visible } from "../core/visible.ts";
import type { Io, Terminal } from "./io.ts";

interface Question {
  /** Whether the earlier answers make this question necessary. */
  readonly when?: (draft: Draft) => boolean;
  readonly text: string;
  /** The default answer. */
  readonly usual?: (draft: Draft) => string;
  readonly apply: (draft: Draft, answer: string) => Draft;
  /** Why an answer that would be valid in a description does not fit this question. */
  readonly refuse?: (answer: string) => string | undefined;
}

const proxies: ReadonlySet<string> = new Set(serverIds);

const someProxy = `${serverIds.slice(0, -1).join(", ")} or ${serverIds.at(-1)}`;

const words = (answer: string) => answer.split(/[\s,]+/).filter((word) => word !== "");

function textAt(draft: Draft, pointer: string): string {
  const value = valueAt(draft, pointer);
  return typeof value === "string" ? value : "";
}

const questions: readonly Question[] = [
  {
    text: "Name of the mail server",
    apply: (draft, answer) => withValue(draft, "/hostname", answer),
  },
  {
    text: "Mail domains, or * for all",
    usual: (draft) => {
      const domain = textAt(draft, "/hostname").replace(/^[^.]*\./, "");
      return domain.includes(".") ? domain : "*";
    },
    apply: (draft, answer) => (answer === "*" ? draft : withValue(draft, "/mail_domains", words(answer))),
  },
  {
    text: `Proxy server: ${someProxy}`,
    usual: () => serverIds[0] ?? "",
    refuse: (answer) => (words(answer).every((word) => proxies.has(word)) ? undefined : `write ${someProxy}, not ${answer}`),
    apply: (draft, answer) => withValue(draft, "/targets", [...words(answer), "mailcow-conf"]),
  },
  {
    text: "mailcow's IP address, if the proxy is on another host",
    usual: () => "the same host",
    apply: (draft, answer) =>
      answer === "the same host"
        ? draft
        : ["/mailcow/http/bind", "/mailcow/https/bind", "/proxy/upstream/address"].reduce((result, pointer) => withValue(result, pointer, answer), draft),
  },
  {
    when: (draft) => valueAt(draft, "/proxy/upstream/address") !== undefined,
    text: "IP address from which the proxy connects to mailcow",
    apply: (draft, answer) => withValue(draft, "/proxy/addresses", words(answer)),
  },
  {
    text: "What provides the certificate: mailcow, certbot or files",
    usual: () => "mailcow",
    apply: (draft, answer) => {
      const issued = withValue(draft, "/tls/issuer", answer);
      if (answer !== "files") return issued;
      const folder = `/etc/ssl/${textAt(draft, "/hostname")}`;
      return withValue(withValue(issued, "/tls/certificate", `${folder}/fullchain.pem`), "/tls/key", `${folder}/privkey.pem`);
    },
  },
  {
    when: (draft) => valueAt(draft, "/tls/issuer") === "certbot",
    text: "E-mail address for certbot's account",
    apply: (draft, answer) => withValue(draft, "/tls/email", answer),
  },
  ...(["certificate", "key"] as const).map(
    (key): Question => ({
      when: (draft) => valueAt(draft, "/tls/issuer") === "files",
      text: key === "key" ? "Path of the key, a PEM file" : "Path of the certificate with its chain, a PEM file",
      usual: (draft) => textAt(draft, `/tls/${key}`),
      apply: (draft, answer) => withValue(draft, `/tls/${key}`, answer),
    }),
  ),
];

/** The description from the answers, or undefined when the user cancels. */
export async function converse({ stderr }: Io, terminal: Terminal): Promise<Draft | undefined> {
  let draft: Draft = {};
  for (const { when = () => true, text, usual, apply, refuse } of questions) {
    if (!when(draft)) continue;
    for (;;) {
      const standard = usual?.(draft);
      const answer = await terminal.ask(`${text}${standard === undefined ? "" : ` [${standard}]`}: `);
      if (answer === undefined) return undefined;
      const given = answer.trim() === "" ? (standard ?? "") : answer.trim();
      const refusal = refuse?.(given);
      if (refusal !== undefined) {
        stderr.write(`  ${visible(refusal)}\n`);
        continue;
      }
      const next = apply(draft, given);
      // The earlier answers were valid, so the fault is in this one.
      const fault = faultOf(next);
      if (fault === undefined) {
        draft = next;
        break;
      }
      stderr.write(`  ${fault.message}${fault.help === undefined ? "" : `; ${fault.help}`}\n`);
    }
  }
  return draft;
}

function faultOf(draft: Draft): Diagnostic | undefined {
  return checker()({ source: JSON.stringify(draft), file: "-" }).diagnostics.find(({ severity }) => severity === "error");
}
