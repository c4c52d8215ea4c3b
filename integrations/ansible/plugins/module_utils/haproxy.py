"""HAProxy wants certificate and key in one file, and to be told of the folder that it is to read."""

import os
import re
import shlex
import stat

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Absent, File, Folder, is_generated, read, read_certificate
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Server, unique


class Haproxy(Server):
    root = '/etc/haproxy'
    options = '/etc/default/haproxy'
    # The unit's own, which a line in the file above replaces.
    stock = '-S /run/haproxy-master.sock'

    # Where another distribution's unit reads its options. It names the folder itself.
    others_options = '/etc/sysconfig/haproxy'

    def foreign(self):
        return '%s is a file of another distribution' % self.others_options if os.path.exists(self.others_options) else None

    def folder(self):
        return os.path.dirname(self.files[0]['install_path'])

    def entries(self):
        entries = self.own_files() + [Folder(path) for path in unique(path for file in self.files for path in file['requires']['folders'])]
        for pair in self.certificates():
            if pair['combined'] is not None:
                entries.append(File(pair['combined'], self.together(pair), 0o600, secret=True))
        # All sites of a host are served from common files, so those that are not among them would take requests away.
        entries += [Absent(path) for path in self.others()]
        before = (read(self.options) or b'').decode()
        mode = stat.S_IMODE(os.stat(self.options).st_mode) if os.path.exists(self.options) else 0o644
        return entries + [File(self.options, with_folder(before, self.folder(), self.stock).encode(), mode)]

    def together(self, pair):
        """Certificate and key in one file, as the scripts of the target systemd write it too."""
        contents = [read_certificate(path) for path in (pair['certificate'], pair['key'])]
        for path, content in zip((pair['certificate'], pair['key']), contents):
            if content is None and os.path.lexists(path):
                self.module.fail_json(msg='%s is not a regular file of at most 1 MiB; links in mailcow\'s folder are not followed' % path)
        return b''.join(content or b'' for content in contents)

    def others(self):
        wanted = [file['install_path'] for file in self.files]
        found = [os.path.join(folder, name) for folder in (self.folder(), self.root) if os.path.isdir(folder) for name in sorted(os.listdir(folder))]
        return [path for path in found if path.endswith(('.cfg', '.crt-list')) and path not in wanted and is_generated(path)]

    def check(self, stage):
        for command in unique(file['validate'] for file in self.files):
            self.run(stage, shlex.split(command.replace(self.folder(), stage.at(self.folder()))))


def with_folder(text, folder, stock):
    """The file that has HAProxy's options, with the one that lets it read a folder. systemd reads it, not a shell."""
    lines = text.splitlines(True)
    options = stock
    place = len(lines)
    for number, line in enumerate(lines):
        found = re.match(r'\s*(EXTRAOPTS|CONFIG)=(.*)$', line)
        if found is None:
            continue
        value = found.group(2).strip().strip('"\'')
        if folder in [word.rstrip('/') for word in value.split()]:
            return text
        if found.group(1) == 'EXTRAOPTS':
            options, place = value, number
    line = 'EXTRAOPTS="%s"\n' % ' '.join(filter(None, [options, '-f ' + folder]))
    if place < len(lines):
        return ''.join(lines[:place] + [line] + lines[place + 1:])
    return text + ('' if text.endswith('\n') or text == '' else '\n') + line
