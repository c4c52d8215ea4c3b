/** Sentences on mailcow's files that merge changes, other than mailcow.conf. */
import type { Fault } from "../../main-cf/parameters.ts";
import type { MergedProblems } from "../problem.ts";
import { type Writers, warning } from "../writers.ts";

const lines: Readonly<Record<Fault["kind"], string>> = {
  "no-value": "this line is not a parameter with a value",
  "continues-nothing": "this line begins with white space, so it would belong to the line above it, but there is none",
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
  "merged-layout": ({ values }) => ({
    message: "merge cannot add its values to this file without changing the rest of it",
    help: `add them by hand: ${values}`,
  }),
  "extra-cf-line": ({ kind }) => ({
    message: `Postfix does not start with this file: ${lines[kind]}`,
    help: "write NAME = VALUE, or begin the line with # if it is a comment",
  }),
  "extra-cf-hostname": warning(({ hostname }) => ({
    message: "mailcow removes this line at each start of Postfix, because it sets the name itself",
    help: `remove it; the first line is then the name of mailcow.conf, ${hostname}`,
  })),
};
