import base64
import os
import shutil
import tempfile

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.controller import Descriptions, Program, warnings_of

# What a merge only does when it is told to.
OPTIONS = {'remove_entries': '--remove-entries', 'rename_hostname': '--rename-hostname'}


class ActionModule(ActionBase):
    """Merges on the controller. The file's text is in no argument, no result and no diff, since it holds passwords."""

    TRANSFERS_FILES = True

    def run(self, tmp=None, task_vars=None):
        self._supports_check_mode = True
        result = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec({
            'command': {'type': 'list', 'elements': 'str', 'default': ['mailcow-proxy']},
            'description': {'type': 'raw', 'required': True},
            'path': {'type': 'path', 'required': True},
            'target': {'type': 'str', 'default': 'mailcow-conf'},
            'create': {'type': 'bool', 'default': False},
            'remove_entries': {'type': 'bool', 'default': False},
            'rename_hostname': {'type': 'bool', 'default': False},
        })
        path = arguments['path']
        try:
            is_new = arguments['create'] and not self.is_there(path, task_vars)
            slurped = {'content': ''} if is_new else self._execute_module(module_name='ansible.legacy.slurp', module_args={'src': path}, task_vars=task_vars)
            if slurped.get('failed'):
                result.update(failed=True, msg='cannot read %s: %s' % (path, slurped.get('msg')))
                return result
            before = base64.b64decode(slurped['content'])
            self.merge(result, arguments, before, is_new, task_vars)
        finally:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def is_there(self, path, task_vars):
        return self._execute_remote_stat(path, task_vars, follow=True, checksum=False)['exists']

    def merge(self, result, arguments, before, is_new, task_vars):
        folder = tempfile.mkdtemp(prefix='mailcow-proxy-', dir=constants.DEFAULT_LOCAL_TMP)
        base = self._loader.get_basedir()
        try:
            descriptions = Descriptions(folder, lambda path: self._find_needle('files', path), base)
            description = descriptions.path(arguments['description'], 'mailcow_proxy_descriptions of %s' % task_vars['inventory_hostname'])
            program = Program(arguments['command'], base)
            allowed = [option for name, option in OPTIONS.items() if arguments[name]]
            # Its name says which of a target's files it is.
            copy = os.path.join(tempfile.mkdtemp(dir=folder), os.path.basename(arguments['path']))
            with open(copy, 'wb') as file:
                file.write(before)
            words = ['merge', '--target', arguments['target'], '--into', copy, *allowed]
            status, after, err = program.run(*words, '--', description)
            said = descriptions.labelled(err.decode('utf-8', 'replace')).replace(copy, arguments['path'])
            diff = b'' if status != 0 or after == before else program.run(*words, '--diff', '--', description)[1]
        finally:
            shutil.rmtree(folder)
        if status != 0:
            result.update(failed=True, msg='mailcow-proxy refuses to change %s' % arguments['path'], output=said.rstrip('\n').split('\n'), _ansible_verbose_always=True)
            return
        result.update(changed=after != before, warnings=warnings_of(said))
        if after == before:
            return
        result['diff'] = {'prepared': diff.decode('utf-8', 'replace').replace(copy + '\n', arguments['path'] + '\n', 2)}
        if not self._play_context.check_mode:
            result.update(self.write(arguments['path'], after, is_new, task_vars))

    def write(self, path, content, is_new, task_vars):
        """Replaces the file in one step, with its owner and mode, and keeps the old one beside it. A new one can be read by everyone."""
        source = self._transfer_data(self._connection._shell.join_path(self._connection._shell.tmpdir, 'source'), content)
        self._fixup_perms2((self._connection._shell.tmpdir, source))
        arguments = dict({'src': source, 'dest': path, 'backup': True, 'follow': True}, **({'mode': '0644'} if is_new else {}))
        copied = self._execute_module(module_name='ansible.legacy.copy', module_args=arguments, task_vars=task_vars)
        kept = ('failed', 'msg', 'backup_file')
        return {key: copied[key] for key in kept if key in copied}
