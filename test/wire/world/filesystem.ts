/** The machine's file system with a layer of our own over it, which each world begins anew. */
import { mkdirSync, readlinkSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { run } from "./command.ts";

/** What servers, their packages and mailcow write below; the rest of the file system is the machine's. */
const layered = ["/etc", "/opt", "/srv", "/usr/local", "/var", "/dev"] as const;
const layers = "/run/wire/layers";

/** Files that only one world needs. */
export const scratch = "/run/wire/scratch";

/** Gives the distribution's own files back, as after its installation. */
export function freshFilesystem(): void {
  const outside = process.env["WIRE_OUTSIDE"];
  if (outside === undefined || readlinkSync("/proc/self/ns/mnt") === outside) {
    throw new Error("these tests mount over /etc: start them with `node test/wire/run.js`, which makes a namespace for them");
  }
  run("sh", "-ec", `
if mountpoint -q ${layers}; then
  umount -l ${layered.join(" ")} ${layers}
else
  mount -t tmpfs none /run
  mkdir -p ${layers}
fi
mount -t tmpfs none ${layers}
mkdir -p ${layered.map((folder) => `${layers}${folder}/upper ${layers}${folder}/work`).join(" ")}
for folder in ${layered.join(" ")}; do
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=${layers}$folder/upper,workdir=${layers}$folder/work" "$folder"
done`);
  rmSync(scratch, { recursive: true, force: true });
  // The folders that systemd makes at boot.
  for (const folder of [scratch, "/run/lock", "/run/apache2", "/run/haproxy", "/var/lib/haproxy/dev"]) mkdirSync(folder, { recursive: true });
}

/** Makes the folders above a file that the output names, provided they are in a layer of our own. */
export function prepareFolder(file: string): void {
  if (![...layered, "/run"].some((folder) => file.startsWith(`${folder}/`))) {
    throw new Error(`${file} is outside ${layered.join(", ")}: a test would write to the machine`);
  }
  mkdirSync(dirname(file), { recursive: true });
}
