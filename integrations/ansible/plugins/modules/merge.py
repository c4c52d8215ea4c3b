DOCUMENTATION = '''
module: merge
short_description: Set the values of a description in one of mailcow's files
description:
  - Reads C(mailcow.conf), C(extra.cf), C(extra.conf) or C(docker-compose.override.yml) from the host, has C(mailcow-proxy merge) set the values on the controller, and puts the result
    back, with the file's owner and mode and with a backup beside it. Every other byte stays as it is.
  - This is an action plugin. The file holds passwords; they are in no result, no log and no diff.
options:
  description:
    description: The description, a mapping or the path of a file on the controller.
    type: raw
    required: true
  path:
    description: The file on the host.
    type: path
    required: true
  target:
    description: The target whose values are set. If it has values for several of mailcow's files, the name of the file says which of them this is.
    type: str
    default: mailcow-conf
  create:
    description: Whether a missing file counts as empty. Otherwise it is an error.
    type: bool
    default: false
  remove_entries:
    description:
      - Whether to remove entries of C(ADDITIONAL_SERVER_NAMES), C(ADDITIONAL_SAN) and C(TRUSTED_PROXIES) that the
        description does not have. Otherwise they are an error.
    type: bool
    default: false
  rename_hostname:
    description: Whether to replace another C(MAILCOW_HOSTNAME) with the description's. Otherwise it is an error.
    type: bool
    default: false
  command:
    description: What runs mailcow-proxy on the controller, in the playbook's folder.
    type: list
    elements: str
    default: [mailcow-proxy]
attributes:
  check_mode:
    support: full
  diff_mode:
    description: Values that are not known to be harmless are hidden.
    support: full
author:
  - The authors of mailcow-proxy
'''

EXAMPLES = '''
- name: Set the values of mailcow.conf
  mailcow_proxy.mailcow_proxy.merge:
    description:
      hostname: mail.example.org
    path: /opt/mailcow-dockerized/mailcow.conf
'''

RETURN = '''
backup_file:
  description: The copy of the file as it was.
  returned: changed, and not in check mode
  type: str
output:
  description: What is wrong, by lines.
  returned: when the description or the file is refused
  type: list
  elements: str
'''
