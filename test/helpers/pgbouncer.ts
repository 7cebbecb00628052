/** PgBouncer with the settings of docs/scale.md, in front of a test's database. */
import { whereIs } from "./installed.ts";
import { ownServer } from "./own-server.ts";
import { filledIn, paperBlock } from "./papers.ts";
import { freePort } from "./program.ts";

/** With two server connections and these changes of its settings. `url` leads to the same database, through it. */
export async function startPgbouncer(database: string, changes: Record<string, string> = {}) {
  const port = freePort();
  const target = new URL(database);
  const name = target.pathname.slice(1);
  const server = await ownServer([whereIs("pgbouncer") ?? "", "FOLDER/pgbouncer.ini"], port, (folder) => ({
    "users.txt": `"${target.username}" "${decodeURIComponent(target.password)}"\n`,
    "pgbouncer.ini": filledIn(paperBlock("docs/scale.md", "ini", "[pgbouncer]"), {
      "loyalty = host=10.0.0.5 port=5432": `${name} = host=${target.hostname} port=${target.port || 5432}`,
      "listen_addr = 10.0.0.6": "listen_addr = 127.0.0.1",
      "listen_port = 6432": `listen_port = ${port}`,
      "auth_file = /etc/pgbouncer/userlist.txt": `auth_file = ${folder}/users.txt`,
      "default_pool_size = 10": "default_pool_size = 2\nunix_socket_dir =",
      ...changes,
    }),
  }));
  const url = new URL(database);
  url.host = `127.0.0.1:${port}`;
  return Object.assign(server, { url: `${url.href}?prepare=false` });
}
