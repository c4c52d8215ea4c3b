DOCUMENTATION = '''
module: generate
short_description: Generate the configuration of reverse proxies in front of mailcow
description:
  - Runs C(mailcow-proxy generate) on the controller, for all hosts at once, so that the problems of all their
    descriptions are reported together. It changes nothing.
  - This is an action plugin; run it once for a play.
options:
  hosts:
    description:
      - What each host is to have, by the host's name. C(descriptions) is a list of descriptions, each a mapping or the
        path of a file on the controller, which is looked for as ansible.builtin.copy looks for its source. C(targets)
        is a list of targets.
      - Several descriptions of a host are rendered for one server, C(--shared).
    type: dict
    required: true
  command:
    description: What runs mailcow-proxy on the controller, in the playbook's folder.
    type: list
    elements: str
    default: [mailcow-proxy]
attributes:
  check_mode:
    description: It does the same in check mode.
    support: full
  diff_mode:
    support: none
author:
  - The authors of mailcow-proxy
'''

EXAMPLES = '''
- name: Generate the files of all hosts
  mailcow_proxy.mailcow_proxy.generate:
    hosts:
      proxy.example.org:
        descriptions:
          - hostname: mail.example.org
        targets: [nginx]
  run_once: true
  register: generated
'''

RETURN = '''
hosts:
  description:
    - For each host the files as in C(mailcow-proxy generate --format json), and the description where a file has one.
  returned: success
  type: dict
targets:
  description: What is known of each target, as in C(mailcow-proxy targets --format json).
  returned: success
  type: list
  elements: dict
output:
  description: What is wrong with the descriptions, by lines.
  returned: when a description is refused
  type: list
  elements: str
'''
