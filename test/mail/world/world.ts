/** Everything together: networks, mailcow, and the proxy. */
import { writeFileSync } from "node:fs";
import { attempt } from "../../wire/world/command.ts";
import { freshFilesystem } from "../../wire/world/filesystem.ts";
import { type Mailcow, startMailcow } from "./mailcow.ts";
import { type MailHost, makeMailHost } from "./mail-host.ts";
import { makeNetwork } from "./network.ts";
import { proxyFiles } from "./output.ts";
import { type RunningProxy, startProxy } from "./proxy.ts";

export interface World {
  readonly mailcow: Mailcow;
  readonly host: MailHost;
  readonly proxy: RunningProxy;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  freshFilesystem();
  // Nobody answers: questions end at once.
  attempt("umount", "/etc/resolv.conf");
  writeFileSync("/etc/resolv.conf", "nameserver 127.0.0.1\n");
  makeNetwork();
  const host = makeMailHost();
  const mailcow = await startMailcow(host.extraConf);
  const proxy = await startProxy(proxyFiles());
  return {
    mailcow,
    host,
    proxy,
    async close() {
      await proxy.stop();
      await mailcow.stop();
    },
  };
}
