/** The other site in a server under test. */

export const name = "neighbour.example.net";

/** Where a server tells sites on one port apart by name. */
export const sharedPorts = { name, httpPort: 80, httpsPort: 443 };
