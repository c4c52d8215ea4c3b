"""What was recorded when the servers last took up their files."""

import hashlib
import json
import os
import tempfile

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import read, read_certificate
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.servers import server_of

PATH = '/var/lib/mailcow-proxy/taken.json'


def due_of(now):
    """The targets that have something to take up, and what their service is to be for it. `now` are their digests."""
    recorded = recorded_digests()
    due = {}
    for target, digests in now.items():
        before = recorded.get(target, {})
        if digests != before:
            server = server_of(target)
            first = server.first_restarts and not before
            options = digests.get(server.options) != before.get(server.options)
            due[target] = 'touched' if server.watches else 'restarted' if first or options else 'reloaded'
    return due


def record(module, digests):
    write(module, dict(recorded_digests(), **digests))


def mark(module, targets):
    """Makes targets due that are to change, also by what is removed."""
    recorded = recorded_digests()
    write(module, {target: dict(digests, change='due') if target in targets else digests for target, digests in recorded.items()})


def write(module, digests):
    os.makedirs(os.path.dirname(PATH), exist_ok=True)
    with tempfile.NamedTemporaryFile('w', dir=module.tmpdir, delete=False) as new:
        json.dump(digests, new, indent=1, sort_keys=True)
    module.atomic_move(new.name, PATH)
    module.set_mode_if_different(PATH, 0o600, False)


def recorded_digests():
    """By target and path; one that cannot be read makes everything due."""
    try:
        return json.loads(read(PATH) or b'{}')
    except ValueError:
        return {}


def digests_of(files):
    digests = {}
    for file in files:
        digests.setdefault(file['target'], {}).update(digests_of_file(file))
    return digests


def digests_of_file(file):
    """Of a file, and of what the server reads with it. Of a merged file only what is set in it."""
    if file['install'] == 'merged':
        return {file['install_path']: file['sha256']}
    contents = {path: read(path) for path in (file['install_path'], server_of(file['target']).options) if path is not None}
    for pair in file['requires']['certificates']:
        paths = [pair['certificate'], pair['key']] if pair['combined'] is None else [pair['combined']]
        contents.update((path, read_certificate(path)) for path in paths)
    return {path: hashlib.sha256(content or b'').hexdigest() for path, content in contents.items()}
