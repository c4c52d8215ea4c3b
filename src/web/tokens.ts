/** Splits text into tokens for syntax colours. The language is told by the text, so that a new target needs nothing here. */

type TokenKind = "comment" | "string" | "keyword" | "name" | "variable" | "number" | "section";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

type Language = "braces" | "tags" | "sections" | "yaml" | "shell" | "settings";

/** Sticky expressions, tried in this order at the beginning of each word of a line, and behind each token. */
type Grammar = readonly (readonly [TokenKind, RegExp])[];

const quoted: Grammar[number][] = [["string", /"(?:\\.|[^"\\])*"/y], ["string", /'[^']*'/y]];
const comment: Grammar[number] = ["comment", /#.*/y];
const amount: Grammar[number] = ["number", /\d[\d.]*[a-zA-Z]{0,2}(?![\w.:/-])/y];

const grammars: Readonly<Record<Language, Grammar>> = {
  // Directives that end with a semicolon, or blocks in braces.
  braces: [
    comment,
    ...quoted,
    ["string", /`[^`]*`/y],
    ["variable", /\$\w+|\{[\w.$][\w.:/-]*\}/y],
    ["section", /(?:server|https?|upstream|location|map|geo|events|stream|handle|handle_path|route|servers|if)(?=[ \t][^;{]*\{|\{)/y],
    ["name", /^\s*[@\w.*-]+/y],
    ["keyword", /(?:on|off|default|return|true|false)(?![\w.-])/y],
    amount,
  ],
  // A directive a line, and sections in tags.
  tags: [
    ["comment", /^\s*#.*/y],
    ...quoted,
    ["section", /<\/?[A-Z]\w*|>$/y],
    ["variable", /%\{[^}]*\}\w*|\$\{[^}]*\}|[$%]\d/y],
    ["name", /^\s*[A-Z]\w+/y],
    ["keyword", /(?:On|Off|None|all|always|set|unset|env|expr)(?![\w.-])/y],
    amount,
  ],
  // Indented lines below the name of their section.
  sections: [
    comment,
    ...quoted,
    ["variable", /%?\[[^\]]*\]|(?:txn|req|sess|proc|var)\.\w+/y],
    ["section", /^[a-z]\w*(?:[ \t]+[\w.-]+)?/y],
    ["name", /^\s+[\w.-]+/y],
    ["keyword", /(?:if|unless|or|-[a-z]+|[{}]|accept|deny|default|ssl|crt|alpn)(?!\S)/y],
    amount,
  ],
  yaml: [
    comment,
    ...quoted,
    ["section", /^---$|^\s*-(?=\s)/y],
    ["name", /[\w.$@/-]+(?=:(?:\s|$))/y],
    ["variable", /[&*!][\w.-]+/y],
    ["keyword", /(?:true|false|null)(?![^\s\],}])/y],
    ["number", /-?\d+(?:\.\d+)?(?![^\s\],}])/y],
  ],
  shell: [
    comment,
    ...quoted,
    ["variable", /\$(?:\w+|\{[^}]*\}|[@*#?!$-])/y],
    ["keyword", /(?:if|then|else|elif|fi|for|in|do|done|while|until|case|esac|return|exit|set|local|shift|exec|trap)(?![\w.=-])/y],
    ["name", /[\w.-]+(?=\(\)|=)/y],
    amount,
  ],
  // A key and its value, as in mailcow.conf, units of systemd and files in ini form.
  settings: [
    ["comment", /^\s*[#;].*/y],
    ["section", /^\s*\[[^\]]*\]/y],
    ["name", /^\s*[\w.-]+(?=\s*=)/y],
    ...quoted,
    ["variable", /\$\{[^}]*\}|%[a-zA-Z]/y],
    ["keyword", /(?:yes|no|true|false|y|n)$/iy],
    ["number", /\d+$/y],
  ],
};

/** What is stepped over at once: a rest of a word, or one other character. */
const rest = /[\w.:/-]+|[^]/y;

/** Longer texts, and longer lines, stay without colours, so that typing stays quick. */
const longest = { text: 120_000, line: 2000 };

/** The tokens of a text, in their order, without overlaps. @param language for text that is known */
export function tokensOf(text: string, language: Language = languageOf(text)): Token[] {
  if (text.length > longest.text) return [];
  let start = 0;
  return text.split("\n").flatMap((line) => {
    const found = line.length > longest.line ? [] : tokensIn(line, grammars[language], start);
    start += line.length + 1;
    return found;
  });
}

function tokensIn(line: string, grammar: Grammar, offset: number): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; ) {
    const [kind, length] = tokenAt(line, at, grammar);
    if (kind !== undefined) tokens.push({ kind, start: offset + at, end: offset + at + length });
    at += length;
  }
  return tokens;
}

function tokenAt(line: string, at: number, grammar: Grammar): readonly [TokenKind | undefined, number] {
  for (const [kind, expression] of grammar) {
    expression.lastIndex = at;
    const [token = ""] = expression.exec(line) ?? [];
    if (token !== "") return [kind, token.length];
  }
  rest.lastIndex = at;
  return [undefined, rest.exec(line)?.[0].length ?? 1];
}

/** The language that most lines are in, without comments. */
function languageOf(text: string): Language {
  if (text.startsWith("#!")) return "shell";
  const lines = text.slice(0, 20_000).split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  const share = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length / Math.max(1, lines.length);
  if (share(/^<\/?[A-Z]/) > 0.02) return "tags";
  if (share(/[;{}]$/) > 0.5) return "braces";
  if (share(/^[\w.-]+\s*=|^\[/) > 0.5) return "settings";
  if (share(/^(?:- )?[\w."'/@-]+:(?:\s|$)|^- /) > 0.6) return "yaml";
  if (share(/^(?:frontend|backend|global|defaults|listen|resolvers|userlist)\b/) > 0) return "sections";
  return share(/[{}]$/) > 0.1 ? "braces" : "sections";
}
