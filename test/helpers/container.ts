// The image as an operator runs it: read-only, as its own user, without rights, its secrets as files.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Builder, buildah, imageName } from "../tools/image.ts";

interface ImageConfig {
  User: string;
  Entrypoint: string[];
  Cmd: string[];
  Labels: Record<string, string>;
  Healthcheck: { Test: string[] };
}

/** What the image says of itself. */
export function configOf(builder: Builder): ImageConfig {
  if (builder === "buildah")
    return JSON.parse(buildah("inspect", "--type", "image", imageName).join("")).Docker.config;
  const format = ["--format", "{{json .Config}}"];
  return JSON.parse(Bun.spawnSync(["docker", "image", "inspect", ...format, imageName]).stdout.toString());
}

/**
 * A script that runs the image with the given arguments on this machine's network, in the environment it is called with.
 * It becomes the program, so that signals and the exit code are the program's. `secrets` are seen in /run/secrets.
 */
export function containerScript(builder: Builder, secrets: Record<string, string>, names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-image-"));
  const held = join(folder, "secrets");
  mkdirSync(held);
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(held, name), `${text}\n`);
  const path = join(folder, "run");
  const container = builder === "buildah" ? buildah("from", imageName)[0] : undefined;
  writeFileSync(path, container ? chrootScript(container, held) : dockerScript(held, names));
  chmodSync(folder, 0o755);
  chmodSync(path, 0o755);
  return {
    path,
    [Symbol.dispose]() {
      if (container) buildah("rm", container);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a container runtime does, with nothing but the kernel: the mounts are seen by the program alone and end with it. */
function chrootScript(container: string, secrets: string): string {
  const { User, Entrypoint } = configOf("buildah");
  const [root] = buildah("mount", container);
  return `#!/bin/sh
exec unshare --mount sh -ec '
  cd ${root}
  mkdir -p proc dev etc run/secrets
  mount --bind . .
  cd ${root}
  for one in proc dev etc; do mount --rbind /$one $one; done
  mount --bind ${secrets} run/secrets
  mount -o remount,bind,ro .
  exec chroot --userspec=${User} . ${Entrypoint.join(" ")} "$@"' sh "$@"
`;
}

function dockerScript(secrets: string, names: string[]): string {
  const env = names.map((name) => `--env ${name}`).join(" ");
  // Docker's own program finds its engine by these, and the environment is the container's alone.
  const own = ["PATH", "HOME", "DOCKER_HOST", "DOCKER_CONTEXT"].filter((name) => process.env[name]);
  return `#!/bin/sh
${own.map((name) => `export ${name}='${process.env[name]}'`).join("\n")}
exec docker run --rm --network host --read-only --cap-drop ALL --security-opt no-new-privileges \\
  --volume ${secrets}:/run/secrets:ro ${env} ${imageName} "$@"
`;
}
