"""mailcow-proxy on the controller, and descriptions as it takes them."""

import json
import os
import re
import subprocess

from ansible.errors import AnsibleActionFail


class Program:
    """The command, run in the playbook's folder."""

    def __init__(self, command, folder):
        self.command = command
        self.folder = folder

    def run(self, *arguments, given=b''):
        """Returns the exit status, standard output and standard error, as bytes."""
        try:
            done = subprocess.run([*self.command, *arguments], input=given, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        except OSError as error:
            raise AnsibleActionFail(
                'cannot run %s on the controller: %s. Install it there with npm install --global mailcow-proxy, or set mailcow_proxy_command.'
                % (self.command[0], error.strerror)) from error
        return done.returncode, done.stdout, done.stderr


    def targets(self):
        """What is known of each target, in the order of mailcow-proxy; schemas/targets.schema.json describes it."""
        status, out, err = self.run('targets', '--format', 'json')
        if status != 0:
            raise AnsibleActionFail('%s targets --format json fails: %s' % (self.command[0], err.decode('utf-8', 'replace')))
        return json.loads(out)['targets']


class Descriptions:
    """Descriptions as files: those of the inventory are written to a folder of their own."""

    def __init__(self, folder, find, base):
        self.folder = folder
        self.find = find
        self.base = base
        self.written = {}

    def path(self, description, label):
        """The path of a description. `label` is what messages call one that is no file."""
        if isinstance(description, str):
            return os.path.relpath(self.find(description), self.base)
        if not isinstance(description, dict):
            raise AnsibleActionFail('%s is neither a mapping nor the path of a file' % label)
        text = json.dumps(plain(description), indent=2, ensure_ascii=False) + '\n'
        if text not in self.written:
            path = os.path.join(self.folder, '%d.json' % len(self.written))
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            self.written[text] = (path, label)
        return self.written[text][0]

    def labelled(self, message):
        """A message, with the labels in place of files that are gone when somebody reads it."""
        for path, label in self.written.values():
            message = message.replace(path, label)
        return message


def plain(value):
    """YAML as Ansible reads it makes off a boolean, and the description a word."""
    copy = json.loads(json.dumps(value, default=str))
    proxy = copy.get('proxy')
    upstream = proxy.get('upstream') if isinstance(proxy, dict) else None
    if isinstance(upstream, dict) and upstream.get('verify') is False:
        upstream['verify'] = 'off'
    return copy


def diagnostics(text):
    """What mailcow-proxy says, each diagnostic by itself and without their sum, so that none is shown twice."""
    text = re.sub(r'(?m)^\d+ (?:error|warning|note)s?(?:, .*)?\n', '', text)
    return [block for block in re.split(r'(?m)^(?=\S.*:\d+:\d+: (?:error|warning|note): )', text) if block]


def warnings_of(text):
    """The warnings among diagnostics, each in a line with its remedy."""
    found = []
    for first, *others in [block.rstrip().split('\n') for block in diagnostics(text)]:
        if ': warning: ' in first:
            found.append('; '.join([first] + [line.strip() for line in others if line.startswith('   help: ')]))
    return found
