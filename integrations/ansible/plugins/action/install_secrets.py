import base64
import json
import shutil
import tempfile

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.controller import Descriptions, Program


class ActionModule(ActionBase):
    """Generates on the controller. What the files hold is in no argument, no result and no diff."""

    TRANSFERS_FILES = True

    def run(self, tmp=None, task_vars=None):
        self._supports_check_mode = True
        result = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec({
            'command': {'type': 'list', 'elements': 'str', 'default': ['mailcow-proxy']},
            'description': {'type': 'raw', 'required': True},
            'host': {'type': 'str', 'choices': ['proxy', 'mailcow'], 'default': 'proxy'},
            'target': {'type': 'str', 'required': True},
        })
        folder = tempfile.mkdtemp(prefix='mailcow-proxy-', dir=constants.DEFAULT_LOCAL_TMP)
        base = self._loader.get_basedir()
        try:
            descriptions = Descriptions(folder, lambda path: self._find_needle('files', path), base)
            description = descriptions.path(arguments['description'], 'mailcow_proxy_descriptions of %s' % task_vars['inventory_hostname'])
            words = ['generate', '--secrets', '--format', 'json', '--target', arguments['target'], '--', description]
            status, out, err = Program(arguments['command'], base).run(*words)
            said = descriptions.labelled(err.decode('utf-8', 'replace'))
        finally:
            shutil.rmtree(folder)
        if status != 0:
            result.update(failed=True, msg='mailcow-proxy refuses to make the files with secrets', output=said.rstrip('\n').split('\n'), _ansible_verbose_always=True)
            return result
        result.update(changed=False, paths=[])
        try:
            for file in json.loads(out)['files']:
                if file['host'] == arguments['host'] and not result.get('failed'):
                    self.put(result, file, task_vars)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def put(self, result, file, task_vars):
        path, content = file['install_path'], file['content'].encode()
        found = self._execute_remote_stat(path, task_vars, follow=True, checksum=False)
        if found['exists'] and found['mode'] == file['mode'] and self.read(path, task_vars) == content:
            return
        result['changed'] = True
        result['paths'].append(path)
        if self._play_context.check_mode:
            return
        source = self._transfer_data(self._connection._shell.join_path(self._connection._shell.tmpdir, 'source'), content)
        self._fixup_perms2((self._connection._shell.tmpdir, source))
        copied = self._execute_module(module_name='ansible.legacy.copy', module_args={'src': source, 'dest': path, 'mode': file['mode'], 'follow': True}, task_vars=task_vars)
        if copied.get('failed'):
            result.update(failed=True, msg='cannot write %s: %s' % (path, copied.get('msg')))

    def read(self, path, task_vars):
        return base64.b64decode(self._execute_module(module_name='ansible.legacy.slurp', module_args={'src': path}, task_vars=task_vars).get('content', ''))
