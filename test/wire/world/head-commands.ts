/** The commands in the heads of generated files. */

/**
 * The lines of the comment at the beginning of the file that are indented by three spaces, but for those that go on
 * with a list's item: what to type, in that order. A line that ends with a backslash goes on in the next.
 */
export function headCommands(content: string): string[] {
  const lines = content.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const commands: string[] = [];
  let inItem = false;
  for (const line of lines.slice(0, end < 0 ? undefined : end)) {
    const indented = /^# {3,}(\S.*)$/.exec(line)?.[1];
    if (indented === undefined) inItem = /^# [-*] /.test(line);
    else if (!inItem) commands.push(indented);
  }
  return commands.join("\n").replaceAll("\\\n", " ").split("\n").filter((line) => line !== "");
}
