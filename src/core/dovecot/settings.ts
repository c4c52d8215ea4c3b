/**
 * Reads Dovecot's configuration as Dovecot 2.3 does (config-parser.c): a setting a line, blocks of lines, comments, and lines that
 * go on behind a backslash. Files that it includes are not read.
 *
 * The text has one character per byte, so that bytes that are not UTF-8 are preserved.
 */

/** A setting with its value; offsets are into the text. */
export interface Setting {
  readonly name: string;
  /** Without the quotes around it; its lines joined by a space. */
  readonly value: string;
  /** Whether it is in a block such as `protocol imap { }`. */
  readonly isInside: boolean;
  readonly start: number;
  /** The beginning of the value in its first line. */
  readonly valueStart: number;
  /** The end of its first line, without a comment. */
  readonly lineEnd: number;
  /** The end of its last line, without the line end. */
  readonly end: number;
}

/** A line that keeps Dovecot from starting. */
export interface Fault {
  readonly kind: "no-setting" | "behind-brace" | "closes-nothing" | "unclosed";
  readonly start: number;
  readonly end: number;
}

export interface DovecotConf {
  readonly text: string;
  readonly settings: readonly Setting[];
  readonly faults: readonly Fault[];
}

/** Lines that make one, and where they are. */
interface Line {
  readonly text: string;
  readonly start: number;
  readonly firstEnd: number;
  readonly end: number;
}

export function readDovecotConf(text: string): DovecotConf {
  const settings: Setting[] = [];
  const faults: Fault[] = [];
  const open: Line[] = [];
  for (const line of linesOf(text)) {
    const { start, end } = line;
    const setting = settingOf(line, open.length > 0);
    if (setting !== undefined) settings.push(setting);
    else if (/^}[ \t]*$/.test(line.text)) {
      if (open.pop() === undefined) faults.push({ kind: "closes-nothing", start, end });
    } else if (isSection(line.text)) open.push(line);
    else if (!/^!include(?:_try)?(?:[ \t]|$)/.test(line.text)) faults.push({ kind: line.text.includes("{") ? "behind-brace" : "no-setting", start, end });
  }
  return { text, settings, faults: [...faults, ...open.map(({ start, firstEnd }): Fault => ({ kind: "unclosed", start, end: firstEnd }))] };
}

/** The lines with something in them, without their comments. A comment or an empty line ends those that go on, which Dovecot then ignores. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let before: Line | undefined;
  let from = 0;
  for (const whole of text.split("\n")) {
    const shown = withoutComment(whole.replace(/\r$/, ""));
    const inside = shown.trimStart();
    const start = from + shown.length - inside.length;
    const isContinued = inside.endsWith("\\");
    const part = isContinued ? trimmed(inside.slice(0, -1)) : inside;
    const firstEnd = start + part.length;
    from += whole.length + 1;
    if (inside === "") {
      before = undefined;
      continue;
    }
    const line = before === undefined ? { text: part, start, firstEnd, end: firstEnd } : { ...before, text: `${before.text} ${part}`, end: firstEnd };
    before = isContinued ? line : undefined;
    if (!isContinued) lines.push(line);
  }
  return lines;
}

/** A `#` in quotes begins no comment, also if they are never closed. */
function withoutComment(line: string): string {
  const [, kept = ""] = /^((?:[^#"']|"(?:[^"\\]|\\(?:[^]|$))*(?:"|$)|'(?:[^'\\]|\\(?:[^]|$))*(?:'|$))*)/.exec(line) ?? [];
  return trimmed(kept);
}

/** Dovecot's white space. */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && " \t".includes(text[end - 1] ?? "")) end--;
  return text.slice(0, end);
}

function settingOf({ text, start, firstEnd, end }: Line, isInside: boolean): Setting | undefined {
  const [head = "", name = ""] = /^([^ \t=]*)[ \t]*=[ \t]*/.exec(text) ?? [];
  if (head === "") return undefined;
  const value = text.slice(head.length);
  return { name, value: unquoted(value), isInside, start, valueStart: start + head.length, lineEnd: firstEnd, end };
}

function unquoted(value: string): string {
  const quote = value.slice(0, 1);
  return value.length > 1 && /["']/.test(quote) && value.endsWith(quote) ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value;
}

/** The first line of a block: a word, perhaps a name, and the brace. */
function isSection(text: string): boolean {
  return /^[^ \t]+[ \t]+(?:\{|"[^"]*"[ \t]*\{|[^ \t"{][^ \t]*[ \t]+\{)$/.test(text);
}
