"""Starts an Apache with the new sites alone: its own check passes what it then refuses at its start, such as a key
exchange group that the TLS library does not know."""

import os
import re
import socket
import subprocess
import time

# Seconds.
PATIENCE = 20

CONFIGURATION = '''
ServerRoot "{root}"
DefaultRuntimeDir "{run}"
PidFile "{run}/pid"
ErrorLog "{log}"
ServerName localhost
User ${{APACHE_RUN_USER}}
Group ${{APACHE_RUN_GROUP}}
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
# The ports of the sites are the running server's.
Listen 127.0.0.1:{port}
'''


def trial(stage, root, sites):
    """Returns why it does not start, or None. `root` is the server's folder, and `sites` the paths of files below it."""
    run = stage.at('/trial')
    os.mkdir(run)
    log, main = os.path.join(run, 'error.log'), os.path.join(run, 'apache2.conf')
    port = free_port()
    configuration = CONFIGURATION.format(root=stage.at(root), run=run, log=log, port=port)
    for path in sites:
        with open(stage.at(path)) as site:
            configuration += re.sub(r'(?im)^\s*Listen\s.*$', '', site.read())
    with open(main, 'w') as file:
        file.write(configuration)
    # The distribution's variables, but for those whose files are the running server's.
    script = '. "$1/envvars"; export APACHE_RUN_DIR="$2" APACHE_LOCK_DIR="$2" APACHE_LOG_DIR="$2"; exec /usr/sbin/apache2 -d "$1" -f "$3" -DFOREGROUND'
    environment = dict(os.environ, APACHE_CONFDIR=stage.at(root), LC_ALL='C')
    server = subprocess.Popen(['sh', '-c', script, 'sh', stage.at(root), run, main], env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + PATIENCE
        while server.poll() is None:
            if answers(port):
                return None
            if time.monotonic() > end:
                return 'Apache does not start within %d seconds with the new sites' % PATIENCE
            time.sleep(0.05)
        said = server.stdout.read().decode('utf-8', 'replace') + logged(log)
        return 'Apache does not start with the new sites:\n' + said.strip()
    finally:
        stop(server)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def answers(port):
    """Apache listens before it has read the certificates, and answers only after that."""
    try:
        with socket.create_connection(('127.0.0.1', port), 1) as probe:
            probe.sendall(b'GET / HTTP/1.0\r\n\r\n')
            return probe.recv(1) != b''
    except OSError:
        return False


def logged(log):
    if not os.path.exists(log):
        return ''
    with open(log, errors='replace') as file:
        return file.read()


def stop(server):
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    server.stdout.close()
