"""Traefik watches its folder and has no check of its own. What the administrator has merged into its static file is compared."""

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Absent, is_generated, read
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.server import Refused, Server, beside


class Traefik(Server):
    with_merged = True
    watches = True
    # The end of the names of our files, and of names that are another target's.
    ending = '.yml'
    spared = ('-mail.yml',)

    def own_files(self):
        return [entry for entry in super().own_files() if entry.path in self.sites()]

    def sites(self):
        return [file['install_path'] for file in self.files if file['install'] == 'replaced']

    def leftovers(self):
        wanted = self.sites()
        return [path for path in beside(wanted[0], self.ending) if not path.endswith(self.spared) and path not in wanted and is_generated(path)]

    def removals(self, path):
        return [Absent(path)]

    def check(self, stage):
        parts = [file for file in self.files if file['install'] == 'merged']
        found = [line for part in parts for line in compare(part['install_path'], part['content'])]
        if found:
            raise Refused('\n'.join(dict.fromkeys(found + ['merge the generated file %s into it, and restart Traefik' % ' and '.join(part['path'] for part in parts)])))


def compare(path, part):
    """What the static file lacks of a part, a line each."""
    try:
        import yaml
    except ImportError:
        raise Refused('%s cannot be compared without PyYAML: install python3-yaml on this host' % path)
    content = read(path)
    if content is None:
        return ['there is no %s' % path]
    try:
        whole = yaml.safe_load(content)
    except yaml.YAMLError as error:
        return ['%s is not valid YAML: %s' % (path, error)]
    return ['%s lacks %s, or has another value there' % (path, key) for key in lacking(yaml.safe_load(part), whole)]


def lacking(wanted, found, at=''):
    """The keys that differ, with dots between them. As with mailcow-proxy generate --installed --check, other keys do not count."""
    if not isinstance(wanted, dict):
        return [] if same(wanted, found) else [at]
    inner = found if isinstance(found, dict) else {}
    return [key for name, value in wanted.items() for key in lacking(value, inner.get(name), '%s.%s' % (at, name) if at else str(name))] or (
        [at] if found is None and not wanted else [])


def same(wanted, found):
    """The order of a list does not count, and a duration of 0 needs no unit."""
    if isinstance(wanted, list):
        return isinstance(found, list) and sorted(map(str, wanted)) == sorted(map(str, found))
    return wanted == found or (wanted == '0s' and found == 0)
