"""Caddy reads our files through lines of its Caddyfile."""

import os
import re
import shlex
import stat

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.combined import Combined
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import File, read
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Refused, unique

OPTIONS = '.options'


class Caddy(Combined):
    root = '/etc/caddy'
    endings = ('.caddyfile', OPTIONS)
    group = 'caddy'
    first_restarts = False
    caddyfile = '/etc/caddy/Caddyfile'

    def entries(self):
        before = read(self.caddyfile)
        if before is None:
            return super().entries()
        wanted = [file['install_path'] for file in self.files if file['install_path'].endswith(OPTIONS)]
        gone = [path for path in self.others() if path.endswith(OPTIONS)]
        after = with_imports(before.decode(), self.folder(), wanted, gone)
        return super().entries() + self.first_pems() + [File(self.caddyfile, after.encode(), stat.S_IMODE(os.stat(self.caddyfile).st_mode))]

    def first_pems(self):
        """Caddy wants a file for each mail domain. Until the scripts have made it, the domain has the host's certificate."""
        paths = unique(path for file in self.files for folder in file['requires']['folders']
                       for path in re.findall(r'\s(%s/[^\s/]+\.pem)(?=\s)' % re.escape(folder), file['content']))
        pairs = {os.path.splitext(pair['combined'])[0]: pair for pair in self.certificates()}
        return [self.pem(path, pairs[os.path.dirname(path)]) for path in paths if not os.path.exists(path)]

    def prepare(self, stage, entries):
        if read(self.caddyfile) is None:
            raise Refused('there is no %s: Caddy is not installed on this host' % self.caddyfile)
        # Relative paths begin at the folder of the Caddyfile.
        folder = self.folder().encode() + b'/'
        stage.mirror(self.root, [File(entry.path, entry.content.replace(folder, stage.folder.encode() + folder), entry.mode)
                                 if entry.path == self.caddyfile else entry for entry in entries])
        return []

    def check(self, stage):
        # What it would make for other sites, such as an authority of its own, would be root's and not Caddy's.
        homes = {name: stage.at('/home') for name in ('HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME')}
        for command in unique(file['validate'] for file in self.files):
            try:
                self.run(stage, shlex.split(command.replace(self.caddyfile, stage.at(self.caddyfile))), homes)
            except Refused as refusal:
                raise Refused('\n'.join(line for line in str(refusal).split('\n') if '"level":"info"' not in line)) from refusal


def with_imports(text, folder, wanted, gone):
    """The Caddyfile with lines that import the sites of `folder` at its end and the options `wanted` in its options, and without those `gone`."""
    root = os.path.dirname(folder)
    lines = text.splitlines(True)

    def imports(path):
        return re.compile(r'\s*import\s+(?:%s/)?%s\s*$' % (re.escape(root), re.escape(os.path.relpath(path, root))))

    lines = [line for line in lines if not any(imports(path).match(line) for path in gone)]
    missing = ['\timport %s\n' % os.path.relpath(path, root) for path in wanted if not any(imports(path).match(line) for line in lines)]
    if missing:
        first = next((number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith('#')), 0)
        if lines and re.match(r'\s*\{\s*(?:#.*)?$', lines[first]):
            lines[first + 1:first + 1] = missing
        else:
            lines[:0] = ['{\n'] + missing + ['}\n']
    every = re.compile(imports(os.path.join(folder, 'SITES')).pattern.replace('SITES', r'\*(?:\.caddyfile)?'))
    if not any(every.match(line) for line in lines):
        if lines and not lines[-1].endswith('\n'):
            lines[-1] += '\n'
        lines.append('import %s/*.caddyfile\n' % os.path.relpath(folder, root))
    return ''.join(lines)
