"""nginx reads all sites from one folder, which its configuration names."""

import os
import shlex

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import File, read
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Refused, Site, unique


class Nginx(Site):
    root = '/etc/nginx'
    first_restarts = False
    configuration = '/etc/nginx/nginx.conf'

    def entries(self):
        return self.own_files() + self.links()

    def prepare(self, stage, entries):
        main = read(self.configuration)
        if main is None:
            raise Refused('there is no %s: nginx is not installed on this host' % self.configuration)
        # Its paths are absolute; relative ones begin at the folder of the file that nginx is given.
        for folder in unique(os.path.dirname(link.path) for link in self.links()):
            main = main.replace(folder.encode() + b'/', stage.at(folder).encode() + b'/')
        stage.mirror(self.root, entries + [File(self.configuration, main)], self.own)
        return []

    def check(self, stage):
        for command in unique(file['validate'] for file in self.files):
            listing = self.run(stage, shlex.split(command) + ['-T', '-c', stage.at(self.configuration)])
            self.see_that_it_is_read(stage, listing)
