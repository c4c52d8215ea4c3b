/** Sentences on access rules and passwords. */
import { remove, set } from "../edit.ts";
import type { AccessProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";

export const accessMessages: Writers<keyof AccessProblems> = {
  "access-repeated": ({ path, other }) => ({
    message: other === path ? `there is already an access rule for ${path}` : `there is already an access rule for ${other}, and ${path} differs from it only in case`,
    help: other === path ? "write all networks in one rule" : "write the same networks in both rules, or leave one out",
  }),
  "access-name": ({ name, meant }, at) => ({
    message: `the proxy does not serve ${name}, so an access rule cannot hold on it`,
    ...(meant === undefined ? { help: "write the hostname, or a name of mail_domains or additional_server_names" } : { help: `did you mean ${meant}?`, edits: [set(at, meant)] }),
  }),
  "access-unneeded": warning(({ path, other }, at) => ({
    message: other === undefined ? `the access rule for ${path} admits everyone, as no rule would` : `the access rule for ${path} admits the same clients as the one for ${other}, so it changes nothing`,
    help: "remove it, or write other networks",
    edits: [remove(at)],
  })),
  "access-opened": warning(({ name, path, rule }) => ({
    message: `on ${name}, ${path} is open to all clients of the rule for ${rule}, because rules for a name come before those for all names`,
    help: `to protect it there too, write a rule for ${path} with names: [${name}]`,
  })),
  "access-login": note(({ path }) => ({
    message: `clients that may access SOGo but not ${path} cannot log in to webmail, because SOGo's login leads to /user and then to /`,
    help: "if they need webmail, protect /admin, /domainadmin and /rspamd instead of /",
  })),
  "access-other-sites": note(({ name, port }) => ({
    message: `access and basic_auth do not apply to ${name}: as long as mailcow's nginx has no site for it on port ${port}, it answers there with all of mailcow's own pages`,
    help: "add the site to mailcow's nginx before you install this output, and keep it there",
  })),
  "basic-auth-path": ({ path, needed }) => ({
    message: `a password on ${path} would keep out the clients of ${needed}: they know only mailcow's passwords and would get 401`,
    help: "write other paths, e.g. /rspamd or /admin",
  }),
  "basic-auth-repeated": () => ({
    message: "the name in this entry of users is already in an entry above",
    help: "remove one of the two entries",
  }),
};
