/** Sentences on mailcow's files that merge changes, other than mailcow.conf. */
import type { Fault as DovecotFault } from "../../dovecot/settings.ts";
import type { Fault } from "../../main-cf/parameters.ts";
import type { MergedProblems } from "../problem.ts";
import { type Writers, warning } from "../writers.ts";

const lines: Readonly<Record<Fault["kind"], string>> = {
  "no-value": "this line is not a parameter with a value",
  "continues-nothing": "this line begins with white space, so it would belong to the line above it, but there is none",
};

const dovecotLines: Readonly<Record<DovecotFault["kind"], readonly [string, string]>> = {
  "no-setting": ["this line is neither a setting nor the first line of a block", "write NAME = VALUE, or begin the line with # if it is a comment"],
  "behind-brace": ["there is something behind the brace", "write what is in the block on lines of its own"],
  "closes-nothing": ["this brace closes no block", "remove it"],
  "unclosed": ["this block is never closed", "write } on a line of its own below the block"],
};

export const mergedMessages: Writers<keyof MergedProblems> = {
  "not-a-compose-file": ({ found }) => ({
    message: `this is not a compose file, because it is ${found}`,
    help: "use the file in mailcow's folder: /opt/mailcow-dockerized/docker-compose.override.yml",
  }),
  "merged-differs": ({ key, value, wanted, isList }) => ({
    message: `${key} is ${value === "" ? "empty" : value} here, but the description asks for ${wanted}`,
    help: isList ? "remove it here, or write these entries first and your own ones behind them" : "remove it here, or change the description",
  }),
  "merged-elsewhere": ({ key, wanted }) => ({
    message: `${key} has another value here, which comes from an alias, a merge key or a tag, so merge does not change it`,
    help: `write it out with this value: ${wanted}`,
  }),
  "merged-shared": ({ key, anchor }) => ({
    message: `${key} needs other values, but *${anchor} uses it in other places as well, so merge does not change it`,
    help: `write it out where *${anchor} stands, and remove &${anchor} here`,
  }),
  "merged-log-option": ({ key, driver }) => ({
    message: `${key} is not an option of the ${driver} driver, so Docker would not start the container`,
    help: "remove it here",
  }),
  "compose-port-open": ({ port, title, wanted }) => ({
    message: `this publishes ${port} on every address, and mailcow believes there who a client of ${title} says it is: anybody could send mail through this host`,
    help: `write ${wanted} here, and leave the address to mailcow.conf`,
  }),
  "merged-layout": ({ values }) => ({
    message: "merge cannot add its values to this file without changing the rest of it",
    help: `add them by hand: ${values}`,
  }),
  "extra-cf-line": ({ kind }) => ({
    message: `Postfix does not start with this file: ${lines[kind]}`,
    help: "write NAME = VALUE, or begin the line with # if it is a comment",
  }),
  "extra-conf-line": ({ kind }) => ({ message: `Dovecot does not start with this file: ${dovecotLines[kind][0]}`, help: dovecotLines[kind][1] }),
  "extra-cf-hostname": warning(({ hostname }) => ({
    message: "mailcow removes this line at each start of Postfix, because it sets the name itself",
    help: `remove it; the first line is then the name of mailcow.conf, ${hostname}`,
  })),
};
