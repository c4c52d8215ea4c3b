"""Programs beside mailcow whose check reads their whole folder."""

import os
import re
import shlex

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Server, unique


class Program(Server):
    """Its check is given its folder, `root`."""

    def check(self, stage):
        for command in unique(file['validate'] for file in self.files):
            self.run(stage, shlex.split(command.replace(self.root, stage.at(self.root))))


class Postfix(Program):
    root = '/etc/postfix'


class Fail2ban(Program):
    """Its check refuses all jails if one of their logs does not exist."""

    root = '/etc/fail2ban'

    def check(self, stage):
        logs = unique(log for file in self.files for log in re.findall(r'^logpath = (.*)$', file['content'], re.MULTILINE))
        missing = [log for log in logs if not os.path.exists(log)]
        if missing:
            self.module.warn('fail2ban is not checked, since rsyslog makes its log first: %s' % ', '.join(missing))
        else:
            super().check(stage)
