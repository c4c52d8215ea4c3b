/** A client of a mail service: lines in plain text, and TLS from some point on. */
import { type Socket, connect } from "node:net";
import { type TLSSocket, connect as connectTls } from "node:tls";

export interface Where {
  /** The client's own address. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** Seconds, longer than the waits of postscreen and the proxies. */
const patience = 60;

export class Session {
  #socket: Socket;
  #received = "";
  #ended = false;
  #changed = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** @param seconds after which nobody has answered */
  static open({ from, to, port }: Where, seconds = 120): Promise<Session> {
    return new Promise((done, fail) => {
      const socket = connect({ host: to, port, localAddress: from });
      const timer = setTimeout(() => socket.destroy(new Error("no answer")), seconds * 1000);
      socket.once("error", (error) => {
        clearTimeout(timer);
        fail(error);
      });
      socket.once("connect", () => {
        clearTimeout(timer);
        socket.removeAllListeners("error");
        done(new Session(socket));
      });
    });
  }

  #listen(socket: Socket): void {
    socket.on("data", (data) => {
      this.#received += data.toString("latin1");
      this.#changed();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#ended = true;
      this.#changed();
    });
  }

  /** Whether the other side has ended it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What has come and nobody has waited for. */
  get pending(): string {
    return this.#received;
  }

  send(data: string | Buffer): void {
    this.#socket.write(data);
  }

  /** Waits for what matches, and returns all that came until its end. */
  async expect(pattern: RegExp, seconds = patience): Promise<string> {
    const late = Date.now() + seconds * 1000;
    for (;;) {
      const match = pattern.exec(this.#received);
      if (match !== null) {
        const end = match.index + match[0].length;
        const text = this.#received.slice(0, end);
        this.#received = this.#received.slice(end);
        return text;
      }
      if (this.#ended) throw new Error(`the session has ended; ${pattern} was expected, this came: ${JSON.stringify(this.#received)}`);
      await this.#change(late - Date.now(), () => `${pattern} was expected, this came: ${JSON.stringify(this.#received)}`);
    }
  }

  async ask(line: string, pattern: RegExp): Promise<string> {
    this.send(`${line}\r\n`);
    return this.expect(pattern);
  }

  /** Waits until the other side has ended it. */
  async end(seconds = patience): Promise<void> {
    const late = Date.now() + seconds * 1000;
    while (!this.#ended) await this.#change(late - Date.now(), () => "the session did not end");
  }

  /** @returns the SHA-256 fingerprint of the certificate */
  secure(): Promise<string> {
    this.#socket.removeAllListeners();
    return new Promise((done, fail) => {
      const socket: TLSSocket = connectTls({ socket: this.#socket, servername: "mail.example.org", rejectUnauthorized: false });
      socket.once("error", fail);
      socket.once("close", () => fail(new Error("the session ended in the handshake")));
      socket.once("secureConnect", () => {
        socket.removeAllListeners();
        this.#socket = socket;
        this.#listen(socket);
        done(socket.getPeerCertificate().fingerprint256);
      });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #change(left: number, why: () => string): Promise<void> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(why())), Math.max(left, 0));
      this.#changed = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
