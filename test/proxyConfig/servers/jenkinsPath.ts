/**
 * The path that Jenkins would serve for a request target, read as generously as any part of it might: decoded,
 * parameters dropped, empty steps dropped, steps of dots resolved. What is only open when read in another way is closed.
 */
export function pathsOf(target: string): string[] {
  const path = target.replace(/^[a-z]+:\/\/[^/]*/i, "").split(/[?#]/)[0] ?? "";
  const decoded = decode(path);
  return [...new Set([path, decoded, decode(decoded)].map((each) => resolved(each.replaceAll("\\", "/"))))];
}

function resolved(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/").map((each) => each.replace(/;.*/, ""))) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return `/${steps.join("/")}${path.endsWith("/") ? "/" : ""}`;
}

function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
