/** Splits text into tokens for syntax colours. The language is told by the text, so that a new target needs nothing here. */

const tokenKinds = ["comment", "string", "keyword", "name", "variable", "number", "section"] as const;

type TokenKind = (typeof tokenKinds)[number];

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

type Language = "braces" | "tags" | "sections" | "yaml" | "shell" | "settings";

/** One expression a language, whose groups are kinds of tokens. `skip` is text that only looks like one. */
const grammars: Readonly<Record<Language, RegExp>> = {
  // Directives that end with a semicolon, or blocks in braces.
  braces:
    /(?<comment>(?<![^\s;{}])#.*)|(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`\n]*`)|(?<variable>\$\w+|\{[\w.$][\w.:/-]*\})|(?<section>(?<![^\s;{}])(?:server|http|https|upstream|location|map|geo|events|stream|handle|handle_path|route|reverse_proxy|servers|if)(?=[ \t]+[^;\n]*\{|[ \t]*\{))|(?<name>^[ \t]*[@\w.*-]+)|(?<keyword>\b(?:on|off|default|return|true|false)\b)|(?<number>(?<![\w.:-])\d[\d.]*[smhdkKMG]?(?![\w.:-]))/gm,
  // A directive a line, and sections in tags.
  tags:
    /(?<comment>^[ \t]*#.*)|(?<section><\/?[A-Z]\w*|>$)|(?<string>"(?:\\.|[^"\\\n])*")|(?<variable>%\{[^}\n]*\}\w*|\$\{[^}\n]*\}|[$%]\d)|(?<name>^[ \t]*[A-Z]\w+)|(?<keyword>\b(?:On|Off|None|all|always|set|unset|env|expr)\b)|(?<number>(?<![\w.:-])\d+(?![\w.:-]))/gm,
  // Indented lines below the name of their section.
  sections:
    /(?<comment>(?<!\S)#.*)|(?<string>"(?:\\.|[^"\\\n])*"|'[^'\n]*')|(?<variable>%?\[[^\]\n]*\]|\b(?:txn|req|sess|proc|var)\.\w+)|(?<section>^[a-z]\w*(?:[ \t]+[\w.-]+)?)|(?<name>^[ \t]+[\w.-]+)|(?<keyword>(?<=[ \t])(?:if|unless|or|-[a-z]+|\{|\}|accept|deny|default|ssl|crt|alpn)(?!\S))|(?<number>(?<![\w.:-])\d+(?:ms|s|m|h|d|k)?(?![\w.:-]))/gm,
  yaml:
    /(?<comment>(?<!\S)#.*)|(?<string>"(?:\\.|[^"\\\n])*"|'[^'\n]*')|(?<name>[\w.$@/-]+(?=:(?:\s|$)))|(?<variable>(?<![^\s[,{])[&*!][\w.-]+)|(?<keyword>(?<![^\s[,{:])(?:true|false|null)(?![^\s\],}]))|(?<section>^---$|(?<=^[ \t]*)-(?=\s))|(?<number>(?<![^\s[,{])-?\d+(?:\.\d+)?(?![^\s\],}]))/gm,
  shell:
    /(?<comment>(?<!\S)#.*)|(?<string>"(?:\\.|[^"\\\n])*"|'[^'\n]*')|(?<variable>\$(?:\w+|\{[^}\n]*\}|[@*#?!$-]))|(?<keyword>(?<![\w.-])(?:if|then|else|elif|fi|for|in|do|done|while|until|case|esac|return|exit|set|local|shift|exec|trap)(?![\w.=-]))|(?<name>(?<=^[ \t]*)[\w.-]+(?=\(\)|=))|(?<number>(?<![\w.:/-])\d+(?![\w.:/-]))/gm,
  // A key and its value, as in mailcow.conf, units of systemd and files in ini form.
  settings:
    /(?<comment>^[ \t]*[#;].*)|(?<section>^[ \t]*\[[^\]\n]*\])|(?<name>^[ \t]*[\w.-]+(?=[ \t]*=))|(?<string>"(?:\\.|[^"\\\n])*")|(?<variable>\$\{[^}\n]*\}|%[a-zA-Z])|(?<keyword>(?<==[ \t]*)(?:yes|no|true|false|y|n)$)|(?<number>(?<==[ \t]*)\d+$)/gim,
};

/** Longer texts stay without colours, so that typing stays quick. */
const longest = 120_000;

/** The tokens of a text, in their order, without overlaps. @param language for text that is known */
export function tokensOf(text: string, language: Language = languageOf(text)): Token[] {
  if (text.length > longest) return [];
  return [...text.matchAll(grammars[language])].flatMap(({ index, groups = {}, 0: whole }) => {
    const kind = tokenKinds.find((candidate) => groups[candidate] !== undefined);
    return kind === undefined ? [] : [{ kind, start: index + (whole.length - whole.trimStart().length), end: index + whole.length }];
  });
}

/** The language that most lines are in, without comments. */
function languageOf(text: string): Language {
  if (text.startsWith("#!")) return "shell";
  const lines = text.slice(0, 20_000).split("\n").filter((line) => /^\s*[^\s#]/.test(line));
  const share = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length / Math.max(1, lines.length);
  if (share(/^\s*<\/?[A-Z]/) > 0.02) return "tags";
  if (share(/[;{}]\s*(?:#.*)?$/) > 0.5) return "braces";
  if (share(/^\s*[\w.-]+\s*=|^\s*\[.*\]\s*$/) > 0.5) return "settings";
  if (share(/^\s*(?:- )?[\w."'/@-]+:(?:\s|$)|^\s*- /) > 0.6) return "yaml";
  if (share(/^(?:frontend|backend|global|defaults|listen|resolvers|userlist)\b/) > 0) return "sections";
  return share(/[{}]\s*$/) > 0.1 ? "braces" : "sections";
}
