// @ts-check
/** Stands in for mailcow at each of the addresses, and tells which of them was asked. Ends with its input. */
import { createServer } from "node:http";

for (const address of process.argv.slice(2)) {
  const [host = "", port] = address.split(":");
  await new Promise((done) => createServer((_, response) => response.end(`mailcow at ${address}\n`)).listen(Number(port), host, () => done(undefined)));
}
process.stdout.write("ready\n");
process.stdin.resume().once("end", () => process.exit());
