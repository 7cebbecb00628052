// The two compose files: what they must say, that they say the same, and that the tool takes them.
import { expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { settingNames, settings } from "../../src/config/settings.ts";
import { migrate } from "../../src/db/migrate.ts";
import { startPostgres } from "../../src/standins/postgres/postgres.ts";

interface Service {
  image: string;
  ports?: string[];
  environment: Record<string, string>;
  secrets: string[];
  networks: string[];
  volumes?: string[];
  healthcheck?: object;
  cap_drop: string[];
  deploy: { resources: { limits: { memory: string } }; [key: string]: unknown };
  [key: string]: unknown;
}

interface Compose {
  services: { bot: Service; db: Service };
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file?: string; external?: boolean }>;
  configs: { cluster: { file: string } };
}

const root = join(import.meta.dir, "../..");
const load = (name: string) => Bun.YAML.parse(readFileSync(join(root, name), "utf8")) as Compose;
const files = { "compose.yml": load("compose.yml"), "compose.swarm.yml": load("compose.swarm.yml") };
const [plain, swarm] = [files["compose.yml"], files["compose.swarm.yml"]];

test("the database is reached by the program alone, and the program by this machine alone", () => {
  for (const { services, networks } of Object.values(files)) {
    expect(services.db.ports).toBeUndefined();
    expect(services.db.networks.map((name) => networks[name]?.internal)).toEqual([true]);
    expect(services.bot.networks).toEqual(["outside", ...services.db.networks]);
  }
  expect(plain.services.bot.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\$\{PORT:-8000\}:8000$/)]);
});

test("every service has a bound of memory and of log, a way back up, no rights it can do without, and no dump of its memory", () => {
  for (const { services } of Object.values(files))
    for (const service of Object.values(services)) {
      expect(service.deploy.resources.limits.memory).toMatch(/^\d+M$/);
      expect(service.logging).toEqual({
        driver: "json-file",
        options: { "max-size": "10m", "max-file": "5" },
      });
      expect(service.restart ?? service.deploy.restart_policy).toBeDefined();
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(service.ulimits).toEqual({ core: 0 });
    }
  for (const service of Object.values(plain.services))
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
  expect(plain.services.bot.read_only).toBe(true);
});

test("the program waits for a healthy database, whose data outlives its container", () => {
  expect(plain.services.bot.depends_on).toEqual({ db: { condition: "service_healthy" } });
  expect(plain.services.db.healthcheck).toBeDefined();
  const [volume = "", place] = plain.services.db.volumes?.[0]?.split(":") ?? [];
  expect([Object.keys(plain.volumes), place]).toEqual([[volume], "/var/lib/postgresql/data"]);
});

test("what a salon with a bot in MAX has beside: its token as a secret, and the root as a file that it names", () => {
  const { services, secrets, configs } = load("compose.max.yml") as unknown as {
    services: { bot: Omit<Partial<Service>, "configs"> & { configs: { source: string; target: string }[] } };
    secrets: Compose["secrets"];
    configs: Record<string, { file: string }>;
  };
  const { bot } = services;
  expect(Object.keys(services)).toEqual(["bot"]);
  expect(bot.secrets).toEqual(["MAX_BOT_TOKEN"]);
  expect(secrets).toEqual({ MAX_BOT_TOKEN: { file: "secrets/MAX_BOT_TOKEN" } });
  const [root] = bot.configs;
  expect(bot.environment).toEqual({ MAX_CA: root?.target ?? "" });
  expect(Object.keys(configs)).toEqual([root?.source ?? ""]);
  expect(JSON.stringify(files)).not.toContain("MAX");
  // Swarm takes no two files of different versions.
  const version = (name: string) => Object(load(name)).version;
  expect(version("compose.max.yml")).toBe(version("compose.swarm.yml"));
});

test("images are pinned, the program's own aside", () => {
  for (const { services } of Object.values(files)) {
    expect(services.db.image).toMatch(/^docker\.io\/library\/postgres:\d+\.\d+-[a-z]+$/);
    expect(services.bot.image).toEndWith(":-loyalty-bot:latest}");
  }
});

test("a secret is a setting under its own name, and no setting that is one stands in the open", () => {
  const known: string[] = [...settingNames, "POSTGRES_PASSWORD"];
  const required = Object.values(settings).filter(
    ({ kind, name }) => kind === "required" && !/_IDS?$/.test(name),
  );
  for (const { services, secrets } of Object.values(files)) {
    expect(services.bot.secrets).toEqual(required.map(({ name }) => name));
    expect(Object.keys(secrets)).toEqual([...services.bot.secrets, ...services.db.secrets]);
    expect(Object.keys(secrets).filter((name) => !known.includes(name))).toEqual([]);
    expect(Object.keys(services.bot.environment)).toEqual(["HOST", "PORT"]);
    expect(services.db.environment.POSTGRES_PASSWORD_FILE).toBe(`/run/secrets/${services.db.secrets[0]}`);
    expect(services.db.environment.POSTGRES_PASSWORD).toBeUndefined();
  }
  for (const [name, { file }] of Object.entries(plain.secrets)) expect(file).toBe(`secrets/${name}`);
  for (const one of Object.values(swarm.secrets)) expect(one).toEqual({ external: true });
});

test("Swarm's file says the same, but for what Swarm says otherwise", () => {
  const others = ["build", "depends_on", "restart", "security_opt", "ports", "deploy"];
  const kept = (service: Service) =>
    Object.fromEntries(Object.entries(service).filter(([key]) => !others.includes(key)));
  for (const name of ["bot", "db"] as const) {
    expect(kept(swarm.services[name])).toEqual(kept(plain.services[name]));
    expect(swarm.services[name].deploy.resources).toEqual(plain.services[name].deploy.resources);
  }
  expect([swarm.networks, swarm.volumes, swarm.configs]).toEqual([
    plain.networks,
    plain.volumes,
    plain.configs,
  ]);
});

test.skipIf(Bun.which("psql") === null)(
  "a new cluster's role for the program is no superuser, migrates its own database, and no password opens the administrator's",
  async () => {
    const server = await startPostgres({ bin: process.env.PG_BIN });
    const admin = postgres(server.url, { max: 1, onnotice: () => undefined });
    try {
      await admin`select 1`;
      const script = join(root, files["compose.yml"].configs.cluster.file);
      const made = Bun.spawnSync(
        ["psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", `--dbname=${server.url}`, `--file=${script}`],
        { env: { ...process.env, POSTGRES_PASSWORD: "it's-a\\secret" } },
      );
      expect([made.exitCode, made.stderr.toString()]).toEqual([0, ""]);
      const [role] = await admin`
        select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolpassword like 'SCRAM-%' as secret,
          has_database_privilege(oid, current_database(), 'connect') as elsewhere
        from pg_authid where rolname = 'loyalty'`;
      const none = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false };
      expect(role).toEqual({ ...none, secret: true, elsewhere: false });
      const again = postgres(server.url, { max: 1 });
      await expect(again`select 1`.execute()).rejects.toThrow("password authentication failed");

      const address = new URL(server.url);
      [address.username, address.password, address.pathname] = ["loyalty", "it's-a\\secret", "/loyalty"];
      const lines: string[] = [];
      await migrate(address.href, (line) => void lines.push(line), address.href);
      expect(lines.length).toBeGreaterThan(10);
    } finally {
      await admin.end();
      await server.stop();
    }
  },
);

test("both files make the cluster by that script", () => {
  for (const { services, configs } of Object.values(files)) {
    expect(configs).toEqual({ cluster: { file: "./docs/cluster.sql" } });
    expect(services.db.configs).toEqual([
      { source: "cluster", target: "/docker-entrypoint-initdb.d/cluster.sql" },
    ]);
    expect(services.db.environment.POSTGRES_USER).toBeUndefined();
  }
});

/** Compose as a plugin of Docker, or the older program of its own; neither needs an engine to read a file. */
function findCompose(): string[] | null {
  if (Bun.which("docker") && Bun.spawnSync(["docker", "compose", "version"]).success)
    return ["docker", "compose"];
  return Bun.which("docker-compose") ? ["docker-compose"] : null;
}

const compose = findCompose();
if (!compose) process.stdout.write("skipped: the compose files by the tool itself (no docker compose)\n");

test.skipIf(!compose)("docker compose takes both files, each alone and with what MAX adds", () => {
  const folder = mkdtempSync(join(tmpdir(), "loyalty-compose-"));
  try {
    copyFileSync(join(root, ".env.example"), join(folder, ".env"));
    for (const made of ["secrets", "certs"]) mkdirSync(join(folder, made));
    copyFileSync(join(root, "compose.max.yml"), join(folder, "compose.max.yml"));
    writeFileSync(join(folder, "certs/russian-trusted-root.pem"), "");
    writeFileSync(join(folder, "secrets/MAX_BOT_TOKEN"), "x\n");
    for (const [name, { secrets }] of Object.entries(files)) {
      copyFileSync(join(root, name), join(folder, name));
      mkdirSync(join(folder, "docs"), { recursive: true });
      copyFileSync(join(root, "docs/cluster.sql"), join(folder, "docs/cluster.sql"));
      for (const secret of Object.keys(secrets)) writeFileSync(join(folder, "secrets", secret), "x\n");
      for (const beside of [[], ["--file", "compose.max.yml"]]) {
        const command = [...(compose ?? []), "--file", name, ...beside, "config", "--quiet"];
        const { exitCode, stderr } = Bun.spawnSync(command, { cwd: folder });
        expect([name, exitCode, exitCode === 0 ? "" : stderr.toString()]).toEqual([name, 0, ""]);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
