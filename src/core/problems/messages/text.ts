/** Sentences on the text of a description. */
import type { Foreign, TextProblems } from "../problem.ts";
import { type Message, type Writers, note } from "../writers.ts";

/** Files that are not descriptions, and what to do with each. */
const foreigners: Readonly<Record<Foreign, Message>> = {
  assignments: {
    message: "this is a list of KEY=value lines, such as a mailcow.conf, not a description",
    help: "to make a description from a mailcow.conf, run mailcow-proxy init --from FILE; to set a description's values in it, run mailcow-proxy merge DESCRIPTION --into FILE",
  },
  pem: {
    message: "this is a certificate or a key, not a description",
    help: "write the paths of both files in the description: tls: { issuer: files, certificate: /path/to/fullchain.pem, key: /path/to/privkey.pem }",
  },
  script: { message: "this is a script, not a description" },
  binary: { message: "this is a binary file, not a description" },
  other: { message: "this is not a description: it has none of a description's keys", help: "write at least: hostname: mail.example.org" },
};

export const textMessages: Writers<keyof TextProblems> = {
  "not-a-description": ({ kind }) => foreigners[kind],
  "not-utf-8": () => ({
    message: "this file is not encoded in UTF-8",
    help: "save the file as UTF-8",
  }),
  "too-large": ({ limit }) => ({
    message: `this file has more than ${limit} characters`,
  }),
  "too-many-tokens": ({ limit }) => ({
    message: `this file has more than ${limit} YAML tokens (words and punctuation)`,
  }),
  "more": note(({ limit }) => ({
    message: `there are more problems; only the first ${limit} are shown`,
  })),
  "yaml-syntax": ({ detail }) => ({
    message: `this is not valid YAML: ${detail.charAt(0).toLowerCase()}${detail.slice(1).replace(/\.$/, "")}`,
  }),
  "yaml-tab": () => ({
    message: "this line is indented with a tab, which YAML does not allow",
    help: "use two spaces instead",
  }),
  "yaml-duplicate-key": ({ key, firstLine }) => ({
    message: `${key} is given twice, first on line ${firstLine}`,
    help: "remove one of the two",
  }),
  "yaml-several-documents": () => ({
    message: "a second YAML document begins here, but a file may hold only one",
    help: "move it to its own file",
  }),
  "yaml-indentation": () => ({
    message: "this line is indented too far",
    help: "align it with the first letter of the key above",
  }),
  "yaml-unclosed": ({ opening }) => ({
    message: `this ${opening} is never closed`,
    help: `add ${opening === "[" ? "] where the list" : opening === "{" ? "} where the mapping" : `${opening} where the text`} ends`,
  }),
  "yaml-space": ({ after, instead, inList }) => ({
    message: `there is no space after the ${after === ":" ? "colon" : "hyphen"}`,
    help: after === ":" || inList ? `write ${instead}` : `write ${instead} in a list, below a key such as mail_domains:`,
  }),
  "yaml-wildcard": ({ name }) => ({
    message: `without quotes, YAML reads *${name} as an alias`,
    help: `in certificate_names, write it in quotes: "*${name}"; in other lists, write each name`,
  }),
  "yaml-alias": ({ name, circular }) => ({
    message: circular ? `the alias *${name} refers to a value that contains the alias` : `there is no anchor &${name} above the alias *${name}`,
    help: circular ? "write the value instead of the alias" : `write &${name} before the value that the alias should repeat`,
  }),
  "yaml-alias-limit": () => ({
    message: "this file has too many aliases, or they expand to too many values",
    help: "write the values instead of the aliases",
  }),
  "yaml-depth": ({ limit }) => ({
    message: `lists and mappings are nested more than ${limit} levels deep`,
  }),
  "yaml-tag": ({ tag }) => ({
    message: `the YAML tag ${tag} is not supported`,
    help: "remove it",
  }),
  "yaml-version": () => ({
    message: "this line asks for another YAML version, but descriptions use YAML 1.2",
    help: "remove this line",
  }),
  "yaml-key": () => ({
    message: "a key must be a plain word, not a list or a mapping",
  }),
  "empty": () => ({
    message: "the description is empty",
    help: "write at least: hostname: mail.example.org",
  }),
  "not-a-mapping": ({ found }) => ({
    message: `a description must be a mapping of keys and values, not ${found}`,
    help: "write at least: hostname: mail.example.org",
  }),
};
