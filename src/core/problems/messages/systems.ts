/** Sentences on a relayhost and on syslog. */
import { remove, set } from "../edit.ts";
import type { SystemProblems } from "../problem.ts";
import { type Writers, note } from "../writers.ts";
import { all } from "./words.ts";

export const systemMessages: Writers<keyof SystemProblems> = {
  "section-missing": ({ target, section, example }) => ({
    message: `the target ${target} needs the key ${section}, which the description does not have`,
    help: `add it${example === undefined ? " as in docs/systems.md" : `, e.g. ${section}: ${example}`}, or leave out the target`,
  }),
  "section-unused": note(({ section, targets, others }) => ({
    message: `${section} is ${others ? "also " : ""}for the ${targets.length === 1 ? "target" : "targets"} ${all(targets)}, which the description does not list`,
    help: `add ${targets.length === 1 ? targets[0] : "them"} to targets`,
  })),
  "plain-secret": ({ key, instead }) => ({
    message: `${key} would put a secret into the description, which others may read or store in a repository`,
    help: `write it to a file that only you can read, and the path of that file in ${instead}`,
  }),
  "relayhost-wrapped": ({ port }, at) => ({
    message: `mailcow's Postfix cannot use port ${port} of a relayhost, because there TLS begins with the first byte`,
    help: "use the port for STARTTLS, 587",
    edits: [set(at, 587)],
  }),
  "relayhost-credentials": ({ given, key }, at) => ({
    message: given === "both" ? "the password is in a file and in a variable" : `there is a ${given}, but a login needs a username and a password`,
    help: given === "both" ? `remove ${key}` : given === "username" ? `add ${key} with the path of a file that has the password, or remove username` : `add username, or remove ${key}`,
    ...(given === "username" ? {} : { edits: [remove(at)] }),
  }),
  "relayhost-self": ({ host }) => ({
    message: `${host} is mailcow itself, so mail would come back to it for ever`,
    help: "write the host name of the other mail server",
  }),
  "relayhost-name": ({ host }) => ({
    message: `mailcow removes every line with the word myhostname from extra.cf at each start of Postfix, and with it the relayhost ${host}`,
    help: "use another name of that mail server",
  }),
  "syslog-port": ({ port, service }, at) => ({
    message: `port ${port} is taken by ${service}, so rsyslog cannot listen there`,
    help: "use another port, e.g. 524",
    edits: [set(at, 524)],
  }),
};
