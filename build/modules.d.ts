/** Parts of yargs without types of their own; the platform only hands them on. */
declare module "cliui" {
  const cliui: unknown;
  export default cliui;
}
declare module "yargs-parser/browser" {
  const Parser: unknown;
  export default Parser;
}
