#!/usr/bin/python

DOCUMENTATION = '''
module: taken
short_description: Tell what the servers have not taken up yet
description:
  - Compares the files of each target, and the certificates that they name, with what was recorded when the target was
    last reloaded. So a renewed certificate needs a reload, and a reload that failed is tried again by the next run.
options:
  files:
    description: The files, as M(mailcow_proxy.mailcow_proxy.generate) returns them for the host.
    type: list
    elements: dict
  record:
    description: The digests of what has been taken up, as an earlier run of this module has returned them.
    type: dict
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
author:
  - The authors of mailcow-proxy
'''

EXAMPLES = '''
- name: See what there is to take up
  mailcow_proxy.mailcow_proxy.taken:
    files: "{{ generated.hosts[inventory_hostname] }}"
  register: taken

- name: Record that it has been taken up
  mailcow_proxy.mailcow_proxy.taken:
    record: "{{ taken.digests }}"
'''

RETURN = '''
due:
  description:
    - For each target whose files or certificates have changed, what its service is to be. C(restarted) is for what a
      reload does not bring, such as the modules that come with Apache's first site, and HAProxy's options. C(touched) is for a
      server that watches its files.
  returned: with files
  type: dict
  sample:
    nginx: reloaded
digests:
  description: What there is to record when it has been taken up.
  returned: with files
  type: dict
'''

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.record import digests_of, due_of, record


def main():
    module = AnsibleModule(
        argument_spec={
            'files': {'type': 'list', 'elements': 'dict'},
            'record': {'type': 'dict'},
        },
        required_one_of=[('files', 'record')],
        mutually_exclusive=[('files', 'record')],
        supports_check_mode=True,
    )
    if module.params['files'] is not None:
        digests = digests_of(module.params['files'])
        due = due_of(digests)
        module.exit_json(changed=bool(due), due=due, digests=digests)
    due = due_of(module.params['record'])
    if due and not module.check_mode:
        record(module, module.params['record'])
    module.exit_json(changed=bool(due))


if __name__ == '__main__':
    main()
