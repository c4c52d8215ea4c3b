/** The lines that a target has in a file with other lines: a block between two comments, which a later run may change. */

/** From its first comment to its last one with their line ends. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

function begin(target: string): string {
  return `# mailcow-proxy ${target}: change the description, not the lines up to the next comment of mailcow-proxy.\n`;
}

function finish(target: string): string {
  return `# mailcow-proxy ${target}: end.\n`;
}

/** @param lines with their line ends */
export function written(target: string, lines: string): string {
  return `${begin(target)}${lines}${finish(target)}`;
}

export function blockOf(text: string, target: string): Block | undefined {
  const start = `\n${text}`.indexOf(`\n${begin(target)}`);
  const last = start === -1 ? -1 : text.indexOf(finish(target), start);
  return last === -1 ? undefined : { start, end: last + finish(target).length };
}

/** The text with the lines in place of the block, or at the end if there is no block yet. */
export function placed(text: string, block: Block | undefined, lines: string): string {
  if (block !== undefined) return text.slice(0, block.start) + lines + text.slice(block.end);
  return lines === "" || text === "" || text.endsWith("\n") ? text + lines : `${text}\n${lines}`;
}
