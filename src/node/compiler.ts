/** The Handlebars compiler, in a file of its own: it is half the size of all else, and only `--templates` needs it. */
export { default as Handlebars } from "handlebars";
