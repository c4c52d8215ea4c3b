/** Sentences on the text of a description. */
import type { Foreign, TextProblems } from "../problem.ts";
import type { Message, Writers } from "../writers.ts";

/** What a file is in place of a description, and what to do with it. */
const foreigners: Readonly<Record<Foreign, Message>> = {
  assignments: {
    message: "this is a list of KEY=value lines, such as a mailcow.conf, not a description",
    help: "to write a description from a mailcow.conf: mailcow-proxy init --from FILE; to set the values of a description in it: mailcow-proxy merge DESCRIPTION --into FILE",
  },
  pem: {
    message: "this is a certificate or a key, not a description",
    help: "name these files in the description: tls: { issuer: files, certificate: /path/to/fullchain.pem, key: /path/to/privkey.pem }",
  },
  script: { message: "this is a script, not a description" },
  binary: { message: "this is a binary file, not a description" },
  other: { message: "this is not a description: it has none of a description's keys", help: "write at least: hostname: mail.example.org" },
};

export const textMessages: Writers<keyof TextProblems> = {
  "not-a-description": ({ kind }) => foreigners[kind],
  "not-utf-8": () => ({
    message: "this is not UTF-8",
    help: "save the file as UTF-8",
  }),
  "too-large": ({ limit }) => ({
    message: `a description has at most ${limit} characters, and this has more`,
  }),
  "too-many-tokens": ({ limit }) => ({
    message: `a description has at most ${limit} words and signs, and here is one more`,
  }),
  "yaml-syntax": ({ detail }) => ({
    message: `this is not YAML: ${detail.charAt(0).toLowerCase()}${detail.slice(1).replace(/\.$/, "")}`,
  }),
  "yaml-tab": () => ({
    message: "YAML is indented with spaces, and this is a tab",
    help: "write two spaces in its place",
  }),
  "yaml-duplicate-key": ({ key, firstLine }) => ({
    message: `${key} is given twice, first in line ${firstLine}`,
    help: "keep one of the two",
  }),
  "yaml-several-documents": () => ({
    message: "a file holds one description, and here a second document begins",
    help: "move it to a file of its own",
  }),
  "yaml-indentation": () => ({
    message: "this line is indented further than the one it follows allows",
    help: "begin it under the first letter of the key above",
  }),
  "yaml-unclosed": ({ opening }) => ({
    message: `this ${opening} is never closed`,
    help: `write ${opening === "[" ? "]" : "}"} where it ends`,
  }),
  "yaml-wildcard": ({ name }) => ({
    message: `YAML takes *${name} without quotes for something else`,
    help: `in certificate_names, write it in quotes: "*${name}"; elsewhere list each name`,
  }),
  "yaml-alias": ({ name, circular }) => ({
    message: circular ? `the alias *${name} stands for a value that it is in` : `the alias *${name} stands for no anchor above it`,
    help: circular ? "write the value out" : `write &${name} before the value it is to repeat`,
  }),
  "yaml-alias-limit": () => ({
    message: "the aliases of this file stand for too many values",
    help: "write the values out",
  }),
  "yaml-depth": ({ limit }) => ({
    message: `this is nested more than ${limit} deep`,
  }),
  "yaml-tag": ({ tag }) => ({
    message: `the tag ${tag} has no meaning here`,
    help: "leave it out",
  }),
  "yaml-version": () => ({
    message: "a description is YAML 1.2",
    help: "leave this line out",
  }),
  "yaml-key": () => ({
    message: "a key is a plain word",
  }),
  "empty": () => ({
    message: "the description is empty",
    help: "write at least: hostname: mail.example.org",
  }),
  "not-a-mapping": ({ found }) => ({
    message: `a description is a mapping of keys and values, and this is ${found}`,
    help: "write at least: hostname: mail.example.org",
  }),
};
