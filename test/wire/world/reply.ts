/** HTTP/1.1 responses, read from the bytes as they come. */

export interface Reply {
  readonly status: number;
  /** In order, with duplicates. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Whether the body is as long as the response said; false when the connection closed in the middle. */
  readonly complete: boolean;
  /** Status codes of the informational responses before it. */
  readonly before: readonly number[];
}

/** All values of a header. */
export function values(message: { readonly headers: Reply["headers"] }, wanted: string): string[] {
  return message.headers.filter(([name]) => name.toLowerCase() === wanted.toLowerCase()).map(([, value]) => value);
}

/** The value of a header that stands at most once. */
export function value(message: { readonly headers: Reply["headers"] }, wanted: string): string | undefined {
  const all = values(message, wanted);
  if (all.length > 1) throw new Error(`${wanted} stands ${all.length} times: ${all.join(" | ")}`);
  return all[0];
}

interface Head {
  readonly status: number;
  readonly headers: Reply["headers"];
  readonly length: number;
}

interface Waiting {
  readonly method: string;
  readonly done: (reply: Reply) => void;
  readonly fail: (error: Error) => void;
}

export class ReplyReader {
  #bytes = Buffer.alloc(0);
  #ended = false;
  #before: number[] = [];
  #waiting: Waiting[] = [];

  push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#deliver();
  }

  end(): void {
    this.#ended = true;
    this.#deliver();
  }

  next(method: string): Promise<Reply> {
    return new Promise((done, fail) => {
      this.#waiting.push({ method, done, fail });
      this.#deliver();
    });
  }

  #deliver(): void {
    for (let waiting = this.#waiting[0]; waiting !== undefined; waiting = this.#waiting[0]) {
      const reply = this.#read(waiting.method);
      if (reply === undefined) {
        if (!this.#ended) return;
        waiting.fail(new Error(`the connection closed ${this.#bytes.length === 0 ? "without a response" : `in the head of a response: ${this.#bytes.subarray(0, 200).toString("latin1")}`}`));
      } else {
        waiting.done(reply);
      }
      this.#waiting.shift();
    }
  }

  #read(method: string): Reply | undefined {
    const head = readHead(this.#bytes);
    if (head === undefined) return undefined;
    if (head.status < 200) {
      this.#before.push(head.status);
      this.#bytes = this.#bytes.subarray(head.length);
      return this.#read(method);
    }
    const rest = this.#bytes.subarray(head.length);
    const body = readBody(head, method, rest, this.#ended);
    if (body === undefined) return undefined;
    this.#bytes = rest.subarray(body.length);
    const before = this.#before;
    this.#before = [];
    return { status: head.status, headers: head.headers, body: body.content, complete: body.complete, before };
  }
}

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (status === undefined) throw new Error(`not a response: ${first.slice(0, 100)}`);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { status: Number(status), headers, length: end + 4 };
}

interface Body {
  readonly content: Buffer;
  /** What it takes of the connection. */
  readonly length: number;
  readonly complete: boolean;
}

function readBody(head: Head, method: string, bytes: Buffer, ended: boolean): Body | undefined {
  if (method === "HEAD" || head.status === 204 || head.status === 304) return { content: Buffer.alloc(0), length: 0, complete: true };
  if (value(head, "transfer-encoding")?.toLowerCase() === "chunked") return readChunked(bytes, ended);
  const length = value(head, "content-length");
  if (length === undefined) return ended ? { content: bytes, length: bytes.length, complete: true } : undefined;
  if (bytes.length >= Number(length)) return { content: bytes.subarray(0, Number(length)), length: Number(length), complete: true };
  return ended ? { content: bytes, length: bytes.length, complete: false } : undefined;
}

function readChunked(bytes: Buffer, ended: boolean): Body | undefined {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const end = bytes.indexOf("\r\n", offset);
    const size = end < 0 ? Number.NaN : Number.parseInt(bytes.subarray(offset, end).toString("latin1"), 16);
    const next = end + 2 + size + 2;
    if (Number.isNaN(size) || next > bytes.length) {
      return ended ? { content: Buffer.concat(chunks), length: bytes.length, complete: false } : undefined;
    }
    // The last chunk; none of the servers sends trailers.
    if (size === 0) return { content: Buffer.concat(chunks), length: next, complete: true };
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    offset = next;
  }
}
