/** What clients send to be taken for somebody else. */
import type { Header } from "../world/clients.ts";

/** The headers that only the proxy may set, with what a client would like mailcow to read. */
const reserved: readonly Header[] = [
  ["X-Forwarded-For", "198.51.100.250"],
  ["X-Real-IP", "198.51.100.251"],
  ["X-Forwarded-Host", "evil.example.net"],
  ["X-Forwarded-Proto", "gopher"],
  ["X-Forwarded-Port", "6666"],
];
/** The headers that must not arrive at all. */
const removed: readonly Header[] = [
  ["Forwarded", "for=198.51.100.252;host=evil.example.net;proto=gopher"],
  ["Proxy", "http://198.51.100.253:3128"],
];

const all = [...reserved, ...removed];
const everyName = all.map(([name]) => name).join(", ");
const odd = (name: string) => [...name].map((letter, index) => (index % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase())).join("");

export interface Forgery {
  readonly name: string;
  readonly headers: readonly Header[];
}

export const forgeries: readonly Forgery[] = [
  ...all.map((header): Forgery => ({ name: `${header[0]} once`, headers: [header] })),
  { name: "all once", headers: all },
  { name: "all in odd case", headers: all.map(([name, content]) => [odd(name), content]) },
  { name: "all in upper case", headers: all.map(([name, content]) => [name.toUpperCase(), content]) },
  { name: "all twice", headers: [...all, ...all] },
  { name: "all twice, differently", headers: all.flatMap(([name, content]): Header[] => [[name, content], [odd(name), `x${content}`]]) },
  { name: "all eight times", headers: Array.from({ length: 8 }, () => all).flat() },
  { name: "all empty", headers: all.map(([name]) => [name, ""]) },
  { name: "all with spaces and tabs", headers: all.map(([name, content]) => [name, ` \t ${content} \t `]) },
  { name: "lists with commas", headers: all.map(([name, content]) => [name, `${content}, 127.0.0.1,,${content} , 10.0.0.1`]) },
  { name: "trusted addresses", headers: [["X-Forwarded-For", "172.22.1.1"], ["X-Forwarded-For", "10.0.0.5, 192.168.1.1"], ["X-Real-IP", "172.22.1.1"]] },
  { name: "IPv6 in brackets, ports, words", headers: [["X-Forwarded-For", "[2001:db8::bad]:1234, unknown, 198.51.100.250:99, _hidden"]] },
  { name: "hop by hop", headers: [["Connection", everyName], ...all] },
  { name: "hop by hop without the headers", headers: [["Connection", everyName]] },
  { name: "hop by hop, singly and oddly", headers: [...all.map(([name]): Header => ["cONNECTION", ` ${odd(name)} ,`]), ...all] },
  { name: "hop by hop, with keep-alive and close", headers: [["Connection", `keep-alive, ${everyName}`], ...all, ["Connection", "close, x-forwarded-for"], ["Keep-Alive", "timeout=1"], ["Proxy-Connection", everyName]] },
  { name: "hop by hop, Host", headers: [["Connection", "Host, X-Forwarded-For"], ...all] },
  { name: "hop by hop, upgrade", headers: [["Connection", "Upgrade, X-Forwarded-For, X-Real-IP"], ["Upgrade", "h2c"], ["HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA"], ...all] },
  { name: "hop by hop, upgrade to websocket", headers: [["Connection", "Upgrade, X-Forwarded-For, X-Real-IP"], ["Upgrade", "websocket"], ["Sec-WebSocket-Version", "13"], ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="], ...all] },
  { name: "as trailers to come", headers: [["TE", "trailers"], ["Trailer", everyName], ...all] },
];
