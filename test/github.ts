/** GitHub's own parser of workflows. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

/** What says, of a workflow's text, what GitHub would not take. The parser is bundled below a folder: Node cannot load its JSON as it is. */
export async function githubProblems(folder: string): Promise<(text: string) => Promise<string[]>> {
  const file = join(folder, "workflow-parser.mjs");
  const bundle = await rolldown({ input: "@actions/workflow-parser", platform: "node", logLevel: "silent" });
  await bundle.write({ file, format: "esm" });
  await bundle.close();
  const parser: typeof import("@actions/workflow-parser") = await import(pathToFileURL(file).href);

  return async (content) => {
    const { context, value } = parser.parseWorkflow({ name: "workflow.yml", content }, new parser.NoOperationTraceWriter());
    if (value !== undefined) await parser.convertWorkflowTemplate(context, value);
    return context.errors.getErrors().map(({ message }) => message);
  };
}
