/** The networks of mailcow's containers. Postfix and Rspamd trust what comes from them. */

/** mailcow's default for IPV6_NETWORK. */
const ipv6Network = "fd4d:6169:6c63:6f77::/64";

/** In CIDR notation. @param ipv4Network its first three numbers */
export function mailcowNetworks(ipv4Network: string): readonly [string, string] {
  return [`${ipv4Network}.0/24`, ipv6Network];
}
