import shutil
import tempfile

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.controller import Descriptions, Program, warnings_of
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.orders import carry_out, orders_of


class ActionModule(ActionBase):
    """Runs on the controller, for all hosts at once."""

    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        self._supports_check_mode = True
        result = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec({
            'command': {'type': 'list', 'elements': 'str', 'default': ['mailcow-proxy']},
            'hosts': {'type': 'dict', 'required': True},
        })
        folder = tempfile.mkdtemp(prefix='mailcow-proxy-', dir=constants.DEFAULT_LOCAL_TMP)
        base = self._loader.get_basedir()
        try:
            descriptions = Descriptions(folder, lambda path: self._find_needle('files', path), base)
            program = Program(arguments['command'], base)
            targets = program.targets()
            refuse_unknown(arguments['hosts'], [target['id'] for target in targets if target['kind'] != 'panel'])
            orders = orders_of(arguments['hosts'], descriptions, [target['id'] for target in targets if target['kind'] == 'mailcow'])
            good, said = carry_out(orders, program)
        finally:
            shutil.rmtree(folder)
        said = descriptions.labelled(said)
        if not good:
            result.update(failed=True, msg='mailcow-proxy refuses what it was given, and no host was changed',
                          output=said.rstrip('\n').split('\n'), _ansible_verbose_always=True)
            return result
        hosts = {host: [file for order in orders if order.host == host for file in order.files] for host in arguments['hosts']}
        result.update(changed=False, hosts=hosts, targets=targets, warnings=warnings_of(said))
        return result


def refuse_unknown(hosts, known):
    """An empty word, or two targets in one, would otherwise leave a host without what it is to have."""
    for host, wanted in hosts.items():
        for target in wanted['targets']:
            if target not in known:
                raise AnsibleActionFail('mailcow_proxy_targets of %s has "%s"; the targets are %s' % (host, target, ', '.join(known)))
