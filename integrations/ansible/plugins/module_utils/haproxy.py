"""HAProxy wants to be told of the folder that it is to read."""

import os
import re
import shlex
import stat

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.combined import Combined
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import File, read
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import unique


class Haproxy(Combined):
    root = '/etc/haproxy'
    endings = ('.cfg', '.crt-list')
    spared = ('-mail.cfg',)
    options = '/etc/default/haproxy'
    # The unit's own, which a line in the file above replaces.
    stock = '-S /run/haproxy-master.sock'

    # Where another distribution's unit reads its options. It names the folder itself.
    others_options = '/etc/sysconfig/haproxy'

    def foreign(self):
        return '%s is a file of another distribution' % self.others_options if os.path.exists(self.others_options) else None

    def entries(self):
        before = (read(self.options) or b'').decode()
        mode = stat.S_IMODE(os.stat(self.options).st_mode) if os.path.exists(self.options) else 0o644
        return super().entries() + [File(self.options, with_folder(before, self.folder(), self.stock).encode(), mode)]

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
