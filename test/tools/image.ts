/** Builds the image (`bun run image`): by Docker where an engine answers, else by buildah. The last line is its size. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };

const root = join(import.meta.dir, "../..");
/** What is built: the name with the version of package.json. */
export const imageName = `loyalty-bot:${manifest.version}`;
// vfs and chroot need no kernel module and no container runtime: they work inside a container too.
const storage = ["--storage-driver", "vfs"];

export type Builder = "docker" | "buildah";

/** What this machine can build the image with, or null. buildah needs root here, and a base image or debootstrap. */
export function findBuilder(): Builder | null {
  if (Bun.which("docker") && Bun.spawnSync(["docker", "version"]).success) return "docker";
  return Bun.which("buildah") && process.getuid?.() === 0 ? "buildah" : null;
}

/** Builds, writing the builder's words to stderr. Throws when it fails. */
export function buildImage(builder: Builder): void {
  const version = `--build-arg=VERSION=${manifest.version}`;
  const asked = [version, `--tag=${imageName}`, "--tag=loyalty-bot", root];
  if (builder === "docker") {
    execute(["docker", "build", ...asked]);
    return;
  }
  const missing = lacksBase(builder);
  if (missing !== null) throw new Error(missing);
  const containers = buildah("containers", "--quiet");
  const replaced = ours();
  // An OCI image knows no health check.
  execute(["buildah", "bud", ...storage, "--isolation", "chroot", "--format", "docker", ...asked]);
  // It leaves a working container; with --force-rm it would take the base image away too.
  for (const one of buildah("containers", "--quiet")) if (!containers.includes(one)) buildah("rm", one);
  for (const one of replaced) if (!ours().includes(one)) buildah("rmi", one);
}

/**
 * Why the base image is not to be had on this machine, or null: with one of the same name at hand, no registry is asked. A mirror that
 * fails once is asked again.
 */
export function lacksBase(builder: Builder): string | null {
  if (builder === "docker" || baseIsHere()) return null;
  const make = Bun.which("debootstrap") ? makeBase : () => void buildah("pull", "--quiet", base);
  for (let tries = 1; ; tries++) {
    try {
      make();
      return null;
    } catch (error) {
      if (tries === 2) return `no base image: ${error}`;
    }
  }
}

/** The image's size as people say it, such as `124 MB`. */
export function sizeOf(builder: Builder): string {
  if (builder === "buildah") return buildah("images", "--format", "{{.Size}}", imageName)[0] ?? "";
  const bytes = Number(answer(["docker", "image", "inspect", "--format", "{{.Size}}", imageName]));
  return `${Math.round(bytes / 1e6)} MB`;
}

/** The lines that buildah answers. */
export function buildah(command: string, ...args: string[]): string[] {
  return answer(["buildah", command, ...storage, ...args])
    .split("\n")
    .filter(Boolean);
}

const ours = () => [...new Set(buildah("images", "--quiet", "--filter", `reference=${imageName}`))];
const base = /^FROM --platform=\S+ (\S+)/m.exec(readFileSync(join(root, "Dockerfile"), "utf8"))?.[1] ?? "";

function baseIsHere(): boolean {
  return Bun.spawnSync(["buildah", "inspect", ...storage, "--type", "image", base]).success;
}

/** Stands in for the base image where no image registry can be reached: Debian and this very Bun, which is the pinned one. */
function makeBase(): void {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-base-"));
  try {
    execute(["debootstrap", "--variant=minbase", "bookworm", folder]);
    copyFileSync(process.execPath, join(folder, "usr/local/bin/bun"));
    const [container = ""] = buildah("from", "scratch");
    const authority = process.env.NODE_EXTRA_CA_CERTS;
    if (authority) {
      copyFileSync(authority, join(folder, "etc/authority.crt"));
      buildah("config", "--env", "NODE_EXTRA_CA_CERTS=/etc/authority.crt", container);
    }
    execute(["cp", "-a", `${folder}/.`, ...buildah("mount", container)]);
    buildah("commit", "--quiet", "--rm", container, base);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function execute(command: string[]): void {
  const { success } = Bun.spawnSync(command, { stdin: "ignore", stdout: 2, stderr: "inherit" });
  if (!success) throw new Error(`${command.slice(0, 2).join(" ")} failed`);
}

function answer(command: string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync(command);
  if (!success) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return stdout.toString().trim();
}

if (import.meta.main) {
  const builder = findBuilder();
  if (builder) {
    buildImage(builder);
    process.stdout.write(`${imageName}: ${sizeOf(builder)}\n`);
  } else {
    process.stderr.write(
      "Nothing here can build an image. Install Docker (https://docs.docker.com/engine/install/), or as root: " +
        "apt-get install buildah debootstrap\n",
    );
    process.exitCode = 1;
  }
}
