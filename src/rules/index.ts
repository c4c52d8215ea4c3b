/** The table of rules. Their order does not matter, because diagnostics are sorted later. */
import { accessLogin, accessNames, accessOpened, accessRepeated, accessUnneeded } from "./access.ts";
import { webrootOfTokens } from "./acme-webroot.ts";
import { basicAuthPaths, basicAuthUsers } from "./basic-auth.ts";
import { certbotHost, certbotLimit, certbotNames, certificateFiles, copyKeys, issuerKeys, proxyElsewhere, proxyPorts, sniContainer, sniDomains, sniRepeats } from "./certificate.ts";
import { containerTargets } from "./container.ts";
import { hostnameServed, otherNameMissing } from "./hostname.ts";
import { listenConflict } from "./listen-conflict.ts";
import { hostAsMailDomain, hostnameAsMailDomain } from "./mail-domains.ts";
import { mailAddress, mailNotes, mailPortEqual, mailPortTaken, mailProxies, mailPublic, mailTargets } from "./mail.ts";
import { fail2banSyslog, localMtaHostname, rspamdPasswords } from "./mail-host.ts";
import { derivedNames } from "./names.ts";
import { addressesElsewhere, mailPassesBy } from "./other-host.ts";
import { otherSites, otherSitesOpen } from "./other-sites.ts";
import { discoveryPort, equalMailcowPorts, equalProxyPorts, publicPort, publishedMailcowPorts, publishedProxyPorts, reservedPorts } from "./ports.ts";
import { certificateElsewhere, reloadMissing } from "./reload.ts";
import { relayhostHost, relayhostLogin, relayhostPort } from "./relayhost.ts";
import type { Rule } from "./rule.ts";
import { unusedSections } from "./sections.ts";
import { syslogPort } from "./syslog.ts";
import { groupsAskedFor, groupsLeftOut, preload } from "./tls.ts";
import { tlsBeforePeers, tlsBeforeProtocol, tlsBeforeTrust, tlsBeforeUnused } from "./tls-ends.ts";
import { frontLimits, proxyProtocolPeers, remoteProxy, trustsEveryone } from "./trust.ts";
import { ipv6Binds, plainUpstream, publicBinds, unreachableBinds, unverifiedUpstream, verifyUnused } from "./upstream.ts";
import { resolverMissing, resolverUnused, upstreamLoop } from "./upstream-name.ts";
import { packagesVersion, supportedVersions } from "./versions.ts";
import { certbotWildcards, coveredNames } from "./wildcards.ts";

export const rules: readonly Rule[] = [
  ...reservedPorts,
  ...publishedMailcowPorts,
  publishedProxyPorts,
  equalMailcowPorts,
  equalProxyPorts,
  publicPort,
  discoveryPort,
  listenConflict,
  derivedNames,
  otherNameMissing,
  otherSites,
  hostnameServed,
  hostnameAsMailDomain,
  hostAsMailDomain,
  ...certificateFiles,
  ...issuerKeys,
  webrootOfTokens,
  sniDomains,
  sniRepeats,
  proxyElsewhere,
  proxyPorts,
  sniContainer,
  certbotNames,
  certbotWildcards,
  coveredNames,
  certbotLimit,
  certbotHost,
  ...copyKeys,
  certificateElsewhere,
  reloadMissing,
  containerTargets,
  groupsAskedFor,
  groupsLeftOut,
  preload,
  proxyProtocolPeers,
  ...trustsEveryone,
  frontLimits,
  tlsBeforePeers,
  tlsBeforeProtocol,
  ...tlsBeforeUnused,
  tlsBeforeTrust,
  verifyUnused,
  ...supportedVersions,
  packagesVersion,
  ...publicBinds,
  ...ipv6Binds,
  remoteProxy,
  unverifiedUpstream,
  plainUpstream,
  unreachableBinds,
  upstreamLoop,
  resolverUnused,
  resolverMissing,
  addressesElsewhere,
  mailPassesBy,
  accessRepeated,
  accessNames,
  accessUnneeded,
  accessOpened,
  accessLogin,
  otherSitesOpen,
  basicAuthPaths,
  basicAuthUsers,
  mailAddress,
  mailProxies,
  mailTargets,
  mailPortEqual,
  ...mailPortTaken,
  mailPublic,
  ...mailNotes,
  relayhostPort,
  relayhostHost,
  relayhostLogin,
  syslogPort,
  unusedSections,
  rspamdPasswords,
  fail2banSyslog,
  localMtaHostname,
];
