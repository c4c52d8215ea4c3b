from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """The module of the same name; what a server says when it refuses a file is shown in lines."""

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        result = self._execute_module(module_name='mailcow_proxy.mailcow_proxy.install', module_args=self._task.args, task_vars=task_vars)
        result['_ansible_verbose_always'] = bool(result.get('failed'))
        return result
