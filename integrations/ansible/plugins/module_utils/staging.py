"""A server's folder as it would be: links to what stays as it is, and the new entries in their places."""

import os
import re

from ansible_collections.mailcow_proxy.mailcow_proxy.plugins.module_utils.entries import Absent, File, Folder, Link


class Stage:
    """Below its folder, each path has the place that it has below /."""

    def __init__(self, folder):
        self.folder = folder

    def at(self, path):
        return self.folder + path

    def without(self, text):
        """A text that names the places as they are on the host."""
        return text.replace(self.folder + '/', '/')

    def mirror(self, root, entries, own=()):
        """Makes the folder `root`. Those in `own` are folders of the stage, whose links can be added to."""
        places = {entry.path: entry for entry in entries}
        self._mirror(root, root, places, own)
        self.add(entries)

    def add(self, entries):
        # Folders first: files name them.
        for entry in sorted(entries, key=lambda entry: not isinstance(entry, Folder)):
            place = self.at(entry.path)
            if isinstance(entry, Absent):
                continue
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if isinstance(entry, Folder):
                os.path.isdir(entry.path) or os.mkdir(place)
                continue
            if isinstance(entry, Link):
                os.symlink(entry.target, place)
                continue
            with open(place, 'wb') as file:
                file.write(entry.content if entry.secret else self._among(entry.content, entries))
            os.chmod(place, entry.mode)

    def _mirror(self, root, folder, places, own):
        os.makedirs(self.at(folder), exist_ok=True)
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if path in places:
                continue
            if os.path.islink(path):
                os.symlink(within(root, path), self.at(path))
            elif os.path.isdir(path) and (path in own or any(place.startswith(path + '/') for place in places)):
                self._mirror(root, path, places, own)
            else:
                os.symlink(path, self.at(path))

    def _among(self, content, entries):
        """Files that name one another name those of the stage."""
        paths = [re.escape(entry.path) for entry in entries if os.path.lexists(self.at(entry.path)) or isinstance(entry, File)]
        pattern = '(?:%s)(?![\\w.-])' % '|'.join(sorted(paths, key=len, reverse=True))
        return re.sub(pattern.encode(), lambda found: self.folder.encode() + found.group(), content)


def within(root, path):
    """What a link in the stage leads to: the stage's own where the link is relative and stays below `root`."""
    target = os.readlink(path)
    whole = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return target if not os.path.isabs(target) and whole.startswith(root + '/') else whole
