/** The folder of a file. */
export function folderOf(file: string): string {
  return file.replace(/\/[^/]*$/, "");
}
