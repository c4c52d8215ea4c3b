"""The servers by their targets."""

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.apache import Apache
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.caddy import Caddy
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.haproxy import Haproxy
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.host_programs import Fail2ban, Postfix
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.mail import HaproxyMail, NginxMail, TraefikMail
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.nginx import Nginx
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Server, unique
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.traefik import Traefik

SERVERS = {
    'nginx': Nginx, 'apache': Apache, 'haproxy': Haproxy, 'caddy': Caddy, 'traefik': Traefik,
    'nginx-mail': NginxMail, 'haproxy-mail': HaproxyMail, 'traefik-mail': TraefikMail,
    'fail2ban': Fail2ban, 'local-mta': Postfix,
}


def server_of(target):
    return SERVERS.get(target, Server)


def servers_of(module, files):
    """In the order of the files; those of a target that is no server have a check of their own at most."""
    own = [file for file in files if file['install'] == 'replaced' or server_of(file['target']).with_merged]
    return [server_of(target)(module, [file for file in own if file['target'] == target])
            for target in unique(file['target'] for file in own)]
