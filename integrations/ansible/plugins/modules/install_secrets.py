DOCUMENTATION = '''
module: install_secrets
short_description: Install the files of a target that have a secret
description:
  - Has C(mailcow-proxy generate --secrets) make the files on the controller, which reads the secret from the file or the
    variable that the description names, and puts them in their places on the host, with mode C(0600).
  - This is an action plugin. The secrets are in no argument, no result, no log and no diff.
options:
  description:
    description: The description, a mapping or the path of a file on the controller.
    type: raw
    required: true
  target:
    description: The target.
    type: str
    required: true
  host:
    description: Which of two hosts this is, where the description is of two, as in the files of M(mailcow_proxy.mailcow_proxy.generate).
    type: str
    choices: [proxy, mailcow]
    default: proxy
  command:
    description: What runs mailcow-proxy on the controller, in the playbook's folder.
    type: list
    elements: str
    default: [mailcow-proxy]
attributes:
  check_mode:
    support: full
  diff_mode:
    description: Nothing of these files is shown.
    support: none
author:
  - The authors of mailcow-proxy
'''

EXAMPLES = '''
- name: Install the login of a relayhost
  mailcow_proxy.mailcow_proxy.install_secrets:
    description: descriptions/mail.example.org.yaml
    target: relayhost
'''

RETURN = '''
paths:
  description: The paths that were changed, or would be in check mode.
  returned: success
  type: list
  elements: str
output:
  description: What is wrong, by lines.
  returned: when the description or the secret is refused
  type: list
  elements: str
'''
