"""Apache has its own tools to enable sites and modules, which take a stage for its folder."""

import os
import shlex

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.apache_trial import trial
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Link
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Refused, Site, unique


class Apache(Site):
    root = '/etc/apache2'
    own = ('/etc/apache2/mods-enabled', '/etc/apache2/sites-enabled')

    def tools(self):
        """What enables the modules and the sites, where some are not enabled."""
        modules = unique(name for file in self.files for name in file['requires']['modules'])
        absent = [name for name in modules if not os.path.lexists(os.path.join(self.own[0], name + '.load'))]
        sites = [os.path.basename(link.path)[:-len('.conf')] for link in self.links() if not os.path.lexists(link.path)]
        commands = [['a2enmod', '-q'] + absent] if absent else []
        return commands + ([['a2ensite', '-q'] + sites] if sites else [])

    def prepare(self, stage, entries):
        stage.mirror(self.root, entries, self.own)
        environment = dict(self.environment(stage), APACHE_STATE_DIRECTORY=stage.at('/state'))
        for command in self.tools():
            self.run(stage, command, environment)
        made = []
        for folder in self.own:
            for name in sorted(os.listdir(stage.at(folder))):
                path = os.path.join(folder, name)
                if not os.path.lexists(path):
                    made.append(Link(path, os.readlink(stage.at(path))))
        return made

    def environment(self, stage):
        return {'APACHE_CONFDIR': stage.at(self.root)}

    def check(self, stage):
        for command in unique(file['validate'] for file in self.files):
            listing = self.run(stage, shlex.split(command) + ['-D', 'DUMP_INCLUDES'], self.environment(stage))
            self.see_that_it_is_read(stage, listing)
        complaint = trial(stage, self.root, [link.path for link in self.links()])
        if complaint is not None:
            raise Refused(stage.without(complaint))

    def finish(self):
        for command in self.tools():
            self.module.run_command([self.module.get_bin_path(command[0], required=True, opt_dirs=['/usr/sbin'])] + command[1:], check_rc=True)
