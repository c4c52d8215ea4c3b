/** Sentences on targets, and on what a server or panel cannot do. */
import { flow } from "../../yaml/flow.ts";
import { protocolSenders } from "../../site/platform.ts";
import { acmeServers, fileServers, serverIds, servers } from "../../site/servers.ts";
import { remove, set } from "../edit.ts";
import type { TargetProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";
import { all, alternatives } from "./words.ts";

export const targetMessages: Writers<keyof TargetProblems> = {
  "target-issuer": ({ target, issuer, wanted }) => ({
    message: `the target ${target} works only with tls.issuer ${wanted}, but tls.issuer is ${issuer}`,
    help: `write issuer: ${wanted} in tls, or remove the target`,
  }),
  "target-unneeded": ({ target }) => ({
    message: `the target ${target} has nothing to do: with acme_mailcow, no certificate has to be copied`,
    help: "remove the target",
  }),
  "proxy-protocol-send": ({ target }) => ({
    message: `${target} cannot send PROXY protocol to mailcow; only ${protocolSenders.join(", ")} can`,
    help: `write send: false, or targets: [${[...protocolSenders, "mailcow-conf"].join(", ")}]`,
    edits: [set("/proxy/proxy_protocol/send", false)],
  }),
  "proxy-protocol-version": ({ target, verb, version, since }, at) => ({
    message: `${target} ${version} cannot ${verb} PROXY protocol; version ${since} can`,
    help: `write ${verb}: false, or versions: { ${target}: "${since}" } if yours is new enough`,
    edits: [set(at, false)],
  }),
  "mail-version": ({ target, server, version, since }, at) => ({
    message: `the target ${target} is for ${servers[server].title} ${since} and later, but the description says ${version}`,
    help: `write "${since}" in versions.${server}, if yours is new enough`,
    edits: [set(at, since)],
  }),
  "mail-accept-version": ({ server, version, since }, at) => ({
    message: `${server} ${version} cannot pass on mail with PROXY protocol from a proxy in front of it: if a client's address and its own differ in family, mailcow refuses the header; version ${since} can`,
    help: `write accept: false, or versions: { ${server}: "${since}" } if yours is new enough`,
    edits: [set(at, false)],
  }),
  "banlist-missing": () => ({
    message: "the target mail-bans needs the address of mailcow's list of banned clients",
    help: "copy it from mailcow's interface: as administrator, System, Configuration, Options, Fail2ban parameters; write it in mail as banlist: \"https://…/f2b-banlist?id=…\"",
  }),
  "banlist-front": () => ({
    message: "the target mail-bans cannot tell clients by their packets here: with proxy_protocol.accept, all packets come from the proxy in front",
    help: "remove banlist and the target mail-bans, and keep banned clients out in the proxy in front",
  }),
  "sni-version": ({ target, version, since }, at) => ({
    message: `${target} ${version} cannot serve mail domains with certificates of their own; version ${since} can`,
    help: `write sni: false, or versions: { ${target}: "${since}" } if yours is new enough`,
    edits: [set(at, false)],
  }),
  "issuer-proxy-server": ({ title, wanted }, at) => ({
    message: `tls.issuer is proxy, but ${title} has no ACME client of its own; only ${all(acmeServers.map((id) => servers[id].title))} can order certificates`,
    help: `write issuer: ${wanted}`,
    edits: wanted === "mailcow" ? [set(at, wanted)] : [],
  }),
  "any-domain": ({ target, prefix }) => ({
    message: `${target} needs a list of all names, but without mail_domains the description has ${prefix}.* of every domain`,
    help: "list the mail domains: mail_domains: [example.org]",
  }),
  "acme-webroot-server": ({ target }, at) => ({
    message: `${target} cannot answer ACME challenges with files; only ${all(fileServers)} can`,
    help: `remove acme_webroot, or write targets: [${[...fileServers, "mailcow-conf"].join(", ")}]`,
    edits: [remove(at)],
  }),
  "panel-decides": ({ target, title, key, also }, at) => ({
    message: `the target ${target} does not write ${key}; ${title} decides that`,
    help: `remove ${key}, and set it in ${title} if you need it`,
    // PROXY protocol needs peers that may send it, and without it they would be trusted to set X-Forwarded-For.
    edits: [remove(at), ...(also === undefined ? [] : [remove(also)])],
  }),
  "panel-cannot": ({ target, title, key }, at) => ({
    message: `the target ${target} cannot write ${key}, and what ${title} itself restricts does not hold for its text`,
    help: `remove ${key}; if you need it, use one of the servers instead: ${alternatives(serverIds)}`,
    edits: [remove(at)],
  }),
  "panel-container": warning(({ title, address }) => ({
    message: `${title} usually runs in a container, where ${address} is the container itself`,
    help: "write in proxy: upstream: { address: nginx-mailcow }, and connect the container to mailcow's network; with network_mode: host, ignore this",
    edits: [set("/proxy/upstream/address", "nginx-mailcow")],
  })),
  "panel-challenges": ({ title, issuer }) => ({
    message: `${title} answers ACME challenges itself, so ${issuer === "certbot" ? "certbot" : "acme-mailcow"} cannot order a certificate`,
    help: issuer === "acme_mailcow"
      ? `remove acme_mailcow, and copy ${title}'s certificate to mailcow after each renewal`
      : `write issuer: files in tls, and the paths of ${title}'s certificate in certificate and key`,
  }),
  "panel-issuer": ({ title, issuer, wanted }, at) => ({
    message: `${issuer} does not run on ${title}, which has a certificate of its own`,
    help: `write issuer: ${wanted}, for the certificate of mailcow's mail services`,
    edits: [set(at, wanted)],
  }),
  "panel-target": ({ target, title, appliance }) => ({
    message: appliance ? `the files of the target ${target} cannot run on ${title}` : `the target ${target} has nothing to do, because ${title} reloads its server after a renewal`,
    help: "remove the target",
  }),
  "labels-container": ({ title, address }) => ({
    message: `${title} sends the requests to the container with the labels, which is nginx-mailcow, but the description has mailcow at ${address}`,
    help: "write in proxy: upstream: { address: nginx-mailcow }",
    edits: [set("/proxy/upstream/address", "nginx-mailcow")],
  }),
  "target-twice": ({ target, other, title }, at) => ({
    message: `the targets ${other} and ${target} are the same configuration in two forms: ${title} would have everything twice`,
    help: `remove one of them: ${target} is for those who use labels`,
    edits: [remove(at)],
  }),
  "container-target": note(({ target }) => ({
    message: `the proxy is a container, and the files of the target ${target} do not reload containers`,
    help: "reload it yourself after each renewal of the certificate: see docs/containers.md",
  })),
  "packages-version": note(({ server, version, packages }) => ({
    message: `without versions.${server}, the output is for ${servers[server].title} ${version}, but the packages of ${packages} are newer`,
    help: `write in versions.${server} the version that the installed ${servers[server].title} prints`,
  })),
  "reload-missing": note(({ asked, targets, copies, needsEmail }, at) => ({
    message: copies ? `nothing copies the certificates that ${all(asked.map((id) => servers[id].title))} orders to mailcow` : `nothing reloads ${all(asked.map((id) => servers[id].title))} after a renewal of the certificate`,
    help: `write targets: ${flow(targets)}${needsEmail ? ", and in tls: email: you@example.org" : ""}`,
    // Only the administrator knows the address.
    edits: needsEmail ? [] : [set(at, targets)],
  })),
  "verify-names": note(({ server, name }) => ({
    message: `${servers[server].title} checks mailcow's certificate for each name that clients ask for, not only for ${name}`,
    help: "make sure that the certificate has all described names, as acme-mailcow's own does",
  })),
  "version-too-old": ({ server, version, oldest }) => ({
    message: `${server} ${version} is older than ${oldest}, the oldest supported version`,
  }),
};
