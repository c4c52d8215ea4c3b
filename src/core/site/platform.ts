/** Which server versions a description is written for, and since when a server has a feature. */

/** `major.minor` or `major.minor.patch`. */
export type Version = string;
export type Versions = Readonly<Record<"nginx" | "apache" | "haproxy" | "openssl", Version>>;
export type Platform = "debian-12" | "debian-13" | "ubuntu-22.04" | "ubuntu-24.04";

/** The versions in the distributions' own repositories. */
const platforms: Record<Platform, Versions> = {
  "debian-12": { nginx: "1.22.1", apache: "2.4.71", haproxy: "2.6.12", openssl: "3.0" },
  "debian-13": { nginx: "1.26.3", apache: "2.4.68", haproxy: "3.0.11", openssl: "3.5" },
  "ubuntu-22.04": { nginx: "1.18.0", apache: "2.4.52", haproxy: "2.4.24", openssl: "3.0" },
  "ubuntu-24.04": { nginx: "1.24.0", apache: "2.4.58", haproxy: "2.8.5", openssl: "3.0" },
};

/** The oldest version of each server among the platforms: what works there works on all of them. */
export const oldest: Versions = Object.values(platforms).reduce((left, right) => ({
  nginx: older(left.nginx, right.nginx),
  apache: older(left.apache, right.apache),
  haproxy: older(left.haproxy, right.haproxy),
  openssl: older(left.openssl, right.openssl),
}));

/** The versions to write for: the platform's (or the oldest known), with the given ones in place of them. */
export function versionsFor(platform: Platform | undefined, given: Partial<Versions>): Versions {
  return { ...(platform === undefined ? oldest : platforms[platform]), ...given };
}

/** A feature and the version that brought it; docs/contract.md says what is written then. */
export const features = {
  /** `ssl_conf_command`: what nginx has no directive for, TLS 1.3 cipher suites among it. */
  nginxConfCommand: { server: "nginx", since: "1.19.4" },
  /** `http2 on;` in place of `listen … http2`, which warns from this version on. */
  nginxHttp2Directive: { server: "nginx", since: "1.25.1" },
  /** Session ticket keys are rotated by nginx itself, so tickets may stay on. */
  nginxTicketRotation: { server: "nginx", since: "1.23.2" },
  /** Groups for TLS to mailcow: `curves` on a `server` line. */
  haproxyServerCurves: { server: "haproxy", since: "2.9" },
  /** The X25519MLKEM768 group. */
  mlKem: { server: "openssl", since: "3.5" },
} as const satisfies Record<string, { server: keyof Versions; since: Version }>;

export type Feature = keyof typeof features;

/** The version that brought a feature. */
export function sinceOf(feature: Feature): Version {
  return features[feature].since;
}

/** Whether the server has the feature, whichever release of its version it is: `1.25` may be 1.25.0. */
export function has(versions: Versions, feature: Feature): boolean {
  const { server, since } = features[feature];
  return compareVersions(`${versions[server]}.0`, since) >= 0;
}

function older(left: Version, right: Version): Version {
  return compareVersions(left, right) <= 0 ? left : right;
}

/** Negative when `left` is older, 0 when they are equal as far as both go, positive when it is newer. */
export function compareVersions(left: Version, right: Version): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.min(a?.length ?? 0, b?.length ?? 0); index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
