/** mailcow.conf as docker compose reads it. The values are those of compose-go's dotenv package. */
import { expect, test } from "vitest";
import { readConf } from "../src/core/mailcow-conf/statements.ts";

/** Characters stand for bytes. */
const bytes = (text: string) => Buffer.from(text).toString("latin1");

test.each<[string, Record<string, string>]>([
  ["A=1\nB=2", { A: "1", B: "2" }],
  ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ["\ufeffA=1", { A: "1" }],
  ["A=", { A: "" }],
  ["A= \nB=1", { A: "", B: "1" }],
  ["A = 1", { A: "1" }],
  ["\tA\t=\t1\t", { A: "1" }],
  ["A\u00a0=\u00a01", { A: "1" }],
  ["A: 1", { A: "1" }],
  ["A:1=2", { A: "1=2" }],
  ["A=1:2=3", { A: "1:2=3" }],
  ["export A=1\nexport\tB=2", { A: "1", B: "2" }],
  ["exportA=1\nexport_B=2\nexport=3", { exportA: "1", export_B: "2", export: "3" }],
  ["A=1 # text\nB=2# text\nC=3\t# text", { A: "1", B: "2# text", C: "3\t# text" }],
  ["A=# text\nB= # text", { A: "# text", B: "# text" }],
  ["#A=1\n  # B=2\nC=3", { C: "3" }],
  ['A="1 # 2" # text\nB=\'3\'', { A: "1 # 2", B: "3" }],
  ['A="1\n2"\nB=3', { A: "1\n2", B: "3" }],
  ['A="1"B=2\nC="3" D=4', { A: "1", B: "2", C: "3", D: "4" }],
  ['A="a\\"b"\nB=\'a\\\'b\'', { A: 'a"b', B: "a'b" }],
  ['A=a"b"\nB=\'\'', { A: 'a"b"', B: "" }],
  ["A=1\nA=2", { A: "2" }],
  ["A.B[0]=1\nÄ=2", { "A.B[0]": "1", "Ä": "2" }],
  // A key alone has its value from the environment.
  ["A\nB=1\nexport C\n", { B: "1" }],
  ["a = b = c", { a: "b = c" }],
])("%j", (text, values) => {
  const { statements, faults } = readConf(bytes(text));
  expect(faults).toEqual([]);
  expect(Object.fromEntries(statements.map(({ key, value }) => [key, value]))).toEqual(Object.fromEntries(Object.entries(values).map(([key, value]) => [bytes(key), bytes(value)])));
});

test.each<[string, string]>([
  ["A B=1", "space"],
  ["A-B=1", "character"],
  ["$A=1", "character"],
  ['"A"=1', "character"],
  ["A=1\n- b\n", "character"],
  ['A="1', "quote"],
  ["A='1\nB=2", "quote"],
  ['A="1\\"', "quote"],
  ["some text\n", "space"],
])("%j is refused", (text, kind) => {
  expect(readConf(text).faults.map((fault) => fault.kind)).toEqual([kind]);
});

test("the fault is where it is", () => {
  const places = readConf('A=1\nB C=2\nD-E=3\nF="4\nG=5').faults.map(({ kind, start, end }) => [kind, start, end]);
  expect(places).toEqual([["space", 4, 7], ["character", 11, 12], ["quote", 18, 20]]);
});
