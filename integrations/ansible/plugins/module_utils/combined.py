"""Servers that want certificate and key in one file, and serve all sites of a host from common files."""

import os

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Absent, File, Folder, is_generated, read_certificate
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Server, beside, unique


class Combined(Server):
    # The ends of the names of our files, and of names that are another target's.
    endings = ()
    spared = ()
    # The group that reads the files with keys besides root, or None.
    group = None

    def folder(self):
        return os.path.dirname(self.files[0]['install_path'])

    def entries(self):
        entries = self.own_files() + [Folder(path, self.group) for path in unique(path for file in self.files for path in file['requires']['folders'])]
        for pair in self.certificates():
            if pair['combined'] is not None:
                entries.append(self.pem(pair['combined'], pair))
        # All sites of a host are served from common files, so those that are not among them would take requests away.
        return entries + [Absent(path) for path in self.others()]

    def pem(self, path, pair):
        return File(path, self.together(pair), 0o640 if self.group else 0o600, secret=True, group=self.group)

    def together(self, pair):
        """Certificate and key in one file, as the scripts of the target systemd write it too."""
        contents = [read_certificate(path) for path in (pair['certificate'], pair['key'])]
        for path, content in zip((pair['certificate'], pair['key']), contents):
            if content is None and os.path.lexists(path):
                self.module.fail_json(msg='%s is not a regular file of at most 1 MiB; links in mailcow\'s folder are not followed' % path)
        return b''.join(content or b'' for content in contents)

    def others(self):
        """The files that mailcow-proxy has written for other sets of sites."""
        wanted = [file['install_path'] for file in self.files]
        found = beside(wanted[0], self.endings) + beside(os.path.join(self.root, ''), self.endings)
        return [path for path in found if not path.endswith(self.spared) and path not in wanted and is_generated(path)]
