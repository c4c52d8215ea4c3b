"""What all hosts want of mailcow-proxy, in as few runs as it takes."""

import json
import os

import yaml
from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.controller import diagnostics


class Order:
    """Some targets of some descriptions, by their paths: those of one server, together."""

    def __init__(self, host, targets, descriptions, paths):
        self.host = host
        self.targets = tuple(targets)
        self.descriptions = descriptions
        self.paths = tuple(paths)
        self.files = []

    def take(self, files):
        self.files = [dict(file, description=self.descriptions[0] if len(self.descriptions) == 1 else None) for file in files]


def orders_of(hosts, descriptions, apart):
    """
    `hosts` has the descriptions and targets of each. `apart` are the targets whose files belong to one description,
    though several share the server: mailcow's own files.
    """
    orders = []
    for host, wanted in hosts.items():
        given = wanted['descriptions']
        paths = [descriptions.path(one, 'mailcow_proxy_descriptions[%d] of %s' % (number, host)) for number, one in enumerate(given)]
        together = [target for target in wanted['targets'] if target not in apart]
        alone = [target for target in wanted['targets'] if target in apart]
        if together and given:
            orders.append(Order(host, together, given, paths))
        if alone:
            orders += [Order(host, alone, [one], [path]) for one, path in zip(given, paths)]
    return orders


def carry_out(orders, program):
    """Gives each order its files. Returns whether all could be had, and all that was said."""
    said = []
    good = True
    for group in groups_of(orders, program):
        good = group.run(program, said) and good
    return good, ''.join(dict.fromkeys(said))


class Group:
    """Orders of the same targets whose descriptions have different hostnames, or one order of several descriptions."""

    def __init__(self, targets, shared):
        self.targets = targets
        self.shared = shared
        self.orders = []
        self.paths = {}

    def takes(self, order, hostname):
        return not self.shared and self.targets == order.targets and self.paths.get(hostname, order.paths[0]) == order.paths[0]

    def add(self, order, hostname):
        self.orders.append(order)
        self.paths[hostname] = order.paths[0]

    def run(self, program, said):
        paths = list(dict.fromkeys(path for order in self.orders for path in order.paths))
        arguments = ['--format', 'json', '--target', ','.join(self.targets)] + (['--shared'] if self.shared else [])
        status, out, err = program.run('generate', *arguments, '--', *paths)
        said += diagnostics(err.decode('utf-8', 'replace'))
        if status != 0:
            return False
        files = json.loads(out)['files']
        alone = self.shared or len(paths) == 1
        return all([self.give(order, files, alone, program, said) for order in self.orders])

    def give(self, order, files, alone, program, said):
        """Several descriptions have a folder for each hostname, as mailcow-proxy spells it."""
        if not alone:
            folder = hostname_of(order.paths[0], program.folder) + '/'
            files = [file for file in files if file['path'].startswith(folder)]
            if not files:
                group = Group(self.targets, False)
                group.add(order, None)
                return group.run(program, said)
        order.take(files)
        return True


def groups_of(orders, program):
    groups = []
    for order in orders:
        shared = len(order.paths) > 1
        hostname = None if shared else hostname_of(order.paths[0], program.folder)
        group = next((group for group in groups if not shared and group.takes(order, hostname)), None)
        if group is None:
            group = Group(order.targets, shared)
            groups.append(group)
        group.add(order, hostname)
    return groups


def hostname_of(path, folder):
    """A description's hostname, as far as it can be told without mailcow-proxy; one without it is refused anyway."""
    # Opening a FIFO would wait for its writer.
    if not os.path.isfile(os.path.join(folder, path)):
        return path
    try:
        with open(os.path.join(folder, path), encoding='utf-8-sig') as file:
            return yaml.safe_load(file)['hostname'].encode('idna').decode().lower()
    except (OSError, UnicodeError, yaml.YAMLError, TypeError, KeyError, AttributeError):
        return path
