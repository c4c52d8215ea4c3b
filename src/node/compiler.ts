/** The Handlebars compiler in its own file: it is half the size of everything else, and only `--templates` needs it. */
export { default as Handlebars } from "handlebars";
