/** Pebble, a certificate authority for tests, whose DNS server knows every name as this host. */
import { issueForAddress } from "./certificate.ts";
import type { Host } from "./host.ts";

/** Where an ACME client finds it. */
export const directory = "https://127.0.0.1:14000/dir";

/** Writes its files, and `/api.pem`, with which clients check it. @param validity of its certificates in seconds */
export function writePebble(host: Host, validity?: number): void {
  const api = issueForAddress("127.0.0.1");
  host.write("/api.pem", api.certificate);
  host.write("/api.key", api.key);
  const addresses = { listenAddress: "127.0.0.1:14000", managementListenAddress: "127.0.0.1:15000", httpPort: 80, tlsPort: 443 };
  host.write("/pebble.json", JSON.stringify({ pebble: { ...addresses, certificate: "/api.pem", privateKey: "/api.key", ...(validity === undefined ? {} : { certificateValidityPeriod: validity }) } }));
}

/** Shell commands that start it and wait for it; `wait_for COMMAND…` waits for other things, five minutes at most, and `listens PORT` tells of a port. */
export const startPebble = `
wait_for() {
    tries=0
    until "$@"; do
        tries=$((tries + 1)); [ "$tries" -lt 3000 ] || exit 98; sleep 0.1
    done
}
listens() { python3 -c "import socket; socket.create_connection(('127.0.0.1', $1))" 2>/dev/null; }
pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 "" -http01 "" -https01 "" -tlsalpn01 "" >/dns.log 2>&1 &
PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 pebble -config /pebble.json -dnsserver 127.0.0.1:8053 >/pebble.log 2>&1 &
wait_for listens 14000
`;
