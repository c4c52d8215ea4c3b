"""Servers that pass the mail ports on: in files of their own, beside those of their sites."""

import os

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Absent, File, is_generated, read
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.haproxy import Haproxy
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Refused, Server, beside
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.traefik import Traefik


class HaproxyMail(Haproxy):
    """Each site has a file of its own here, so others go only with prune."""

    endings = ('-mail.cfg',)
    spared = ()

    def others(self):
        return []

    def leftovers(self):
        return super().others()

    def removals(self, path):
        return [Absent(path)]


class TraefikMail(Traefik):
    ending = '-mail.yml'
    spared = ()


class NginxMail(Server):
    """The file is for the top level of nginx.conf, and has the only stream block."""

    root = '/etc/nginx'
    first_restarts = False
    configuration = '/etc/nginx/nginx.conf'

    def foreign(self):
        path = self.files[0]['install_path']
        return None if path.startswith(self.root + '/') else 'files in %s are for packages of another distribution' % os.path.dirname(path)

    def entries(self):
        return self.own_files() + [Absent(path) for path in self.others()]

    def others(self):
        """The files for other sets of sites. With a second stream block, nginx does not load."""
        wanted = [file['install_path'] for file in self.files]
        return [path for path in beside(wanted[0], '-mail.conf') if path not in wanted and is_generated(path)]

    def prepare(self, stage, entries):
        main = read(self.configuration)
        if main is None:
            raise Refused('there is no %s: nginx is not installed on this host' % self.configuration)
        folder = os.path.dirname(self.files[0]['install_path']).encode() + b'/'
        stage.mirror(self.root, entries + [File(self.configuration, main.replace(folder, stage.folder.encode() + folder))], self.own)
        return []

    def check(self, stage):
        listing = self.run(stage, ['nginx', '-t', '-T', '-c', stage.at(self.configuration)])
        for file in self.files:
            if stage.at(file['install_path']) not in listing:
                raise Refused('the server does not read %s: add the line include %s; to %s, outside of http { }' % (file['install_path'], file['install_path'], self.configuration))
