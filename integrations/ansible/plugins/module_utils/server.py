"""What servers have in common: their files, and how they are asked whether they take them."""

import os
import shlex

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Absent, File, Link, is_generated


PASSWORDS = '.htpasswd'


class Refused(Exception):
    """The server's answer, or what keeps it from giving one."""


class Server:
    """The files of a target, as generate describes them, on this host."""

    # Where the server's own check begins to read.
    root = None
    # Folders to which the server's tools add links.
    own = ()
    # A file with options for the server's start, or None. A reload does not bring a change of it.
    options = None
    # Whether it also looks at the files that the administrator merges.
    with_merged = False
    # Whether it takes up its files by itself. Those that did not change are touched, and it reads their certificates again.
    watches = False
    # Whether the first site needs a restart: it brings what a reload does not.
    first_restarts = True

    def __init__(self, module, files):
        self.module = module
        self.files = files
        self.target = files[0]['target']

    def foreign(self):
        """Why these files are not for a host that this role knows, or None."""
        return None

    def certificates(self):
        pairs = [pair for file in self.files for pair in file['requires']['certificates']]
        return [pair for number, pair in enumerate(pairs) if pair not in pairs[:number]]

    def scripts(self):
        """What makes some of the certificates."""
        return unique(path for file in self.files for path in file['requires']['scripts'])

    def missing(self):
        """The certificates and keys that are not there."""
        return [path for pair in self.certificates() for path in (pair['certificate'], pair['key']) if not os.path.exists(path)]

    def own_files(self):
        return [File(file['install_path'], file['content'].encode(), int(file['mode'], 8), generated=True, group=file['group']) for file in self.files]

    def entries(self):
        return self.own_files()

    def leftovers(self):
        """The paths of sites that mailcow-proxy has written and nothing asks for any more."""
        return []

    def prepare(self, stage, entries):
        """Makes the stage; returns entries that follow from it, for the diff alone."""
        if self.root is not None:
            stage.mirror(self.root, entries, self.own)
        else:
            stage.add(entries)
        return []

    def check(self, stage):
        for command in unique(file['validate'] for file in self.files):
            for file in self.files:
                command = command.replace(file['install_path'], stage.at(file['install_path']))
            self.run(stage, shlex.split(command))

    def finish(self):
        """Does what is left when the entries are in their places."""

    def run(self, stage, command, environment=None):
        program = self.module.get_bin_path(command[0], opt_dirs=['/usr/sbin', '/sbin'])
        if program is None:
            raise Refused('%s is not installed on this host' % command[0])
        status, out, err = self.module.run_command([program] + command[1:], environ_update=dict({'LC_ALL': 'C'}, **(environment or {})))
        if status != 0:
            raise Refused(stage.without((err or out).strip()))
        return out


class Site(Server):
    """A server with the folders sites-available and sites-enabled."""

    def foreign(self):
        folder = os.path.dirname(self.files[0]['install_path'])
        return None if os.path.basename(folder) == 'sites-available' else 'files in %s are for packages of another distribution' % folder

    def sites(self):
        """The paths of the sites. A site with passwords has a second file, which is elsewhere and is not enabled."""
        return [file['install_path'] for file in self.files if not file['install_path'].endswith(PASSWORDS)]

    def links(self):
        return [Link(*link_of(path)) for path in self.sites()]

    def leftovers(self):
        wanted = self.sites()
        folder = os.path.dirname(wanted[0])
        paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []
        return [path for path in paths
                if path not in wanted and path.endswith('.conf') and os.path.lexists(link_of(path)[0]) and is_generated(path)]

    def removals(self, path):
        passwords = os.path.join(self.root, os.path.basename(path)[:-len('.conf')] + PASSWORDS)
        return [Absent(link_of(path)[0]), Absent(path)] + ([Absent(passwords)] if is_generated(passwords) else [])

    def see_that_it_is_read(self, stage, listing):
        for link in self.links():
            if stage.at(link.path) not in listing:
                raise Refused('the server does not read %s: its configuration has to include %s' % (link.path, os.path.join(os.path.dirname(link.path), '*.conf')))


def link_of(path):
    """The link that enables a site, and where it leads."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.dirname(folder), 'sites-enabled', name), os.path.join('..', os.path.basename(folder), name)


def beside(path, endings):
    """The paths in the folder of a file whose names have one of these endings."""
    folder = os.path.dirname(path)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(endings)] if os.path.isdir(folder) else []


def unique(values):
    return list(dict.fromkeys(value for value in values if value is not None))
