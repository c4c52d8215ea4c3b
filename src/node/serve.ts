/** Serves one file to this machine, and nothing else to anybody. */
import { readFile } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { SurroundingsError } from "../cli/io.ts";
import { codeOf, failure, reasonOf } from "./failure.ts";

const address = "127.0.0.1";

const headers = {
  "Content-Type": "text/html; charset=utf-8",
  // The page has a policy of its own in its head. This is what a page cannot say for itself.
  "Content-Security-Policy": "frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/**
 * Serves the file until the program is interrupted.
 *
 * @param port 0 for any free port
 * @param ready gets the page's URL as soon as it is served
 * @throws SurroundingsError when the file cannot be read, or the port cannot be used
 */
export async function serve(file: string, port: number, ready: (url: string) => void): Promise<void> {
  const page = await readFile(file).catch((error: unknown) => {
    throw failure("read", file, error);
  });
  const server = createServer((request, response) => answer(request, response, page));
  const own = await listening(server, port);
  const stopped = interrupted();
  ready(`http://${address}:${own}/`);
  await stopped;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function answer({ method, url = "", headers: { host = "" }, socket: { localPort } }: IncomingMessage, response: ServerResponse, page: Buffer): void {
  const refuse = (status: number, text: string, more: Readonly<Record<string, string>> = {}) => response.writeHead(status, { ...headers, ...more, "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  // Another site's name that leads to this machine must not read anything here.
  if (![address, "localhost"].some((name) => host === `${name}:${localPort}` || (localPort === 80 && host === name))) return void refuse(421, `This server answers only as http://${address}:${localPort}/`);
  if (method !== "GET" && method !== "HEAD") return void refuse(405, "Only GET and HEAD are answered.", { Allow: "GET, HEAD" });
  if (url.replace(/\?.*$/s, "") !== "/") return void refuse(404, "There is only one page here: /");
  response.writeHead(200, { ...headers, "Content-Length": page.length }).end(method === "HEAD" ? undefined : page);
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(unusable(port, error)));
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : port);
    });
  });
}

function unusable(port: number, error: Error): SurroundingsError {
  const reason = codeOf(error) === "EADDRINUSE" ? "another program uses it" : reasonOf(error);
  return new SurroundingsError(`cannot serve on port ${port} of ${address}: ${reason}`, { cause: error, help: "Choose another port: --serve PORT. Without PORT, a free one is used." });
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });
}
