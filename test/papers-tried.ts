/** Every command of the papers that no block of theirs gives to a test: which test runs it all the same, or who tried it by hand. */

/** What a test runs, or runs the code of: the program's commands by their names, whatever stands before and behind. */
export const ranBy: Record<string, string[]> = {
  "test/binary/commands.test.ts": [
    "check",
    "export",
    "migrate",
    "notify",
    "serve",
    "sync",
    "verify",
    "health",
    "webhook",
  ],
  "test/binary/import.test.ts": ["import"],
  "test/binary/programme.test.ts": ["programme"],
  "test/binary/settle.test.ts": ["settle"],
  "test/binary/statements.test.ts": ["owed", "statement"],
  "test/binary/token.test.ts": ["token"],
  "test/demo/demo.test.ts": ["demo", "run demo", "run demo --script"],
  "test/demo/phone.test.ts": ["run demo --host ADDRESS"],
  "test/ops/failover.test.ts": ["pg_ctl promote", "synchronous_standby_names = '*'"],
  "test/papers.test.ts": ["bash docs/setup.sh", "bun test/tools/settings.ts --write"],
  "test/picture/readme.test.ts": ["bun test/tools/cards.ts --write"],
  "test/demo/picture.test.ts": ["bun run screenshot"],
  "test/ops/image.test.ts": ["npx -y bun@1.4.5 run image"],
  "test/ops/release.test.ts": ["npx -y bun@1.4.5 run release"],
  "test/mutants/mutants.test.ts": ["npx -y bun@1.4.5 run mutants"],
  "test/bench/RESULTS.md": ["npx -y bun@1.4.5 run bench", "bench ROW…"],
  "test/REPORT.md": ["npx -y bun@1.4.5 run report", "report NAME"],
  "test/report/report.test.ts": ["report --again SEED…", "report --again mutants"],
  ".ci/run": ["npx -y bun@1.4.5 run check", "bun run check"],
};

/** Tried by hand. */
export interface Tried {
  day: string;
  /** What was done, and what came. */
  came: string;
  /** What stands in the way of a test. */
  inTheWay: string;
  words: string[];
}

const tools = "it is a tool of whoever changes the program, and takes a while";
const engine = "a Docker engine";

/** All else, as it stands in the papers. Whoever changes a line or writes a new one tries it, and says here what came. */
export const tried: readonly Tried[] = [
  {
    day: "2026-11-27",
    came: "run in a clone, with Node and npm: each did what its paper says (fuzz with 500 bodies; audit: 405 at a mirror, as said)",
    inTheWay: tools,
    words: [
      "./dist/loyalty-bot --help",
      "npx -y bun@1.4.5 run setup",
      "npx -y bun@1.4.5 run setup && npx -y bun@1.4.5 run build",
      "npx -y bun@1.4.5 run fix",
      "npx -y bun@1.4.5 run fuzz",
      "npx -y bun@1.4.5 run simulate --seeds 5",
      "npx -y bun@1.4.5 audit",
      "bun run simulate --seeds 5",
      "bun run types",
      "bun test/tools/schema.ts --write",
      "bench --help",
    ],
  },
  {
    day: "2026-11-27",
    came: "run in a clone: a chain of 1 000 branches for eight minutes, each earlier release with a year of data, its own or a small one (`-t`)",
    inTheWay: "minutes to an hour; tests of both run them in small",
    words: [
      "npx -y bun@1.4.5 run chain --minutes 8",
      "chain --help",
      "npx -y bun@1.4.5 run rehearse",
      "bun run rehearse",
    ],
  },
  {
    day: "2026-11-27",
    came: "run as the operator of the executable on Debian 12, in folders, a PostgreSQL 15 and an nginx of its own, with another editor than nano and a certificate made by itself",
    inTheWay: "it changes the server and its PostgreSQL",
    words: [
      "runuser -u postgres -- X",
      "runuser -u postgres -- createuser --pwprompt loyalty",
      "runuser -u postgres -- createdb --owner=loyalty --encoding=UTF8 --template=template0 loyalty",
      "install -m 755 dist/loyalty-bot /usr/local/bin/loyalty-bot",
      "cp -p /usr/local/bin/loyalty-bot /root/loyalty-bot.previous",
      "install -m 755 /root/loyalty-bot.previous /usr/local/bin/loyalty-bot",
      "cp -p /usr/local/bin/loyalty-bot /root/loyalty-bot.newer",
      "install -d -m 700 /etc/loyalty-bot && nano /etc/loyalty-bot/env",
      "createuser --pwprompt loyalty_bot",
      "openssl rand -hex 32",
      "alter role loyalty password '…'",
      "revoke connect on database … from public",
      "mkdir -p -m 700 /var/backups/loyalty",
      "curl -fsS http://127.0.0.1:8000/readyz && echo",
      "curl -fsS https://$name/healthz && echo",
      "name=bot.example.ru",
      "name=relay.example.com",
      "cd /opt/loyalty-bot",
      "git clone <address of this repository> /opt/loyalty-bot",
      "git clone <address of this repository> /opt/loyalty-bot && cd /opt/loyalty-bot",
    ],
  },
  {
    day: "2026-11-27",
    came: "run in a copy of the repository made ready by setup.sh; docker-compose 1.29 then takes the files together",
    inTheWay:
      "it takes the root of MAX and a token; the fingerprint is held to the program's by its own test",
    words: [
      "install -d -m 755 certs",
      "openssl x509 -in certs/russian-trusted-root.pem -noout -fingerprint -sha256",
      'read -rsp "The bot\'s token in MAX: " token && (umask 077 && printf %s "$token" > secrets/MAX_BOT_TOKEN)',
      "chmod 644 certs/russian-trusted-root.pem && chmod 400 secrets/MAX_BOT_TOKEN && chown 10001 secrets/MAX_BOT_TOKEN",
      "echo 'COMPOSE_FILE=compose.yml:compose.max.yml' >> .env",
      'services: bot: volumes: ["./logo.png:/logo.png:ro"]',
      "services: bot: secrets: [MIGRATE_DATABASE_URL] secrets: MIGRATE_DATABASE_URL: file: secrets/MIGRATE_DATABASE_URL",
    ],
  },
  {
    day: "2026-11-27",
    came: "not run: read; that docker-compose mounts the file was tried, and the two settings have tests of their own",
    inTheWay: engine,
    words: ['CARD_COLOR="#0b3d2e" CARD_LOGO=/logo.png', "chmod 644 logo.png"],
  },
  {
    day: "2026-11-27",
    came: "not run: read against Docker 28's own help; what is said to the database was run on a PostgreSQL without Docker",
    inTheWay: engine,
    words: [
      "docker compose build",
      "docker compose down",
      "docker compose exec -T db X --username=…",
      "docker compose exec db createuser --username=postgres --pwprompt loyalty_bot",
      "docker compose exec db psql --username=loyalty",
      "docker compose exec db psql --username=loyalty --command='table look_again'",
      "docker compose logs",
      "docker compose logs --tail 50 bot",
      "docker compose logs -f bot",
      "docker compose logs bot",
      "docker compose logs bot | grep 700100201",
      "docker compose restart bot",
      "docker compose rm --stop --force bot",
      "docker compose run --rm --build bot check && docker compose up -d --wait",
      "docker compose up -d",
      "docker compose up -d --force-recreate bot",
      "docker compose up -d --wait",
      "docker inspect",
      'docker tag loyalty-bot:latest "loyalty-bot:$version"',
      "docker tag loyalty-bot:latest loyalty-bot:newer",
      "docker tag loyalty-bot:newer loyalty-bot:latest",
      "docker tag loyalty-bot:previous loyalty-bot:latest",
      "docker volume rm loyalty-bot_database",
      "version=$(docker run --rm loyalty-bot:latest --version)",
      "git pull --ff-only",
    ],
  },
  {
    day: "2026-11-27",
    came: "not run: read against Docker 28's own help, and compose.swarm.yml against docker-compose",
    inTheWay: `${engine} with Swarm`,
    words: [
      "docker swarm init",
      "docker node update --label-add loyalty=database \"$(docker info --format '{{.Swarm.NodeID}}')\"",
      'for file in secrets/*; do docker secret create "$(basename "$file")" "$file"; done',
      "docker secret create FATHERBOT_TOKEN_2 -",
      "docker service logs loyalty_bot",
      "docker service update --secret-rm FATHERBOT_TOKEN --secret-add source=FATHERBOT_TOKEN_2,target=FATHERBOT_TOKEN loyalty_bot",
      "docker exec $(docker ps -q -f name=loyalty_bot | head -n 1) /loyalty-bot X",
      "LOYALTY_IMAGE=loyalty-bot:$version docker stack deploy --compose-file compose.swarm.yml --resolve-image never loyalty",
    ],
  },
  {
    day: "2026-11-27",
    came: "not run but for the unit, which systemd-analyze 252 takes",
    inTheWay: "a systemd that runs",
    words: [
      "[Unit] After=network-online.target postgresql.service Wants=network-online.target [Service] EnvironmentFile=/etc/loyalty-bot/env ExecStart=/usr/local/bin/loyalty-bot serve Restart=always RestartSec=2 DynamicUser=yes LimitCORE=0 [Install] WantedBy=multi-user.target",
      "systemctl daemon-reload && systemctl enable --now loyalty-bot",
      "systemctl restart loyalty-bot",
      "systemctl stop loyalty-bot",
      "journalctl --unit loyalty-bot",
    ],
  },
  {
    day: "2026-11-27",
    came: "not run: read; the names of the packages are those of Ubuntu 24.04, where not Debian's too",
    inTheWay: "a bare server, a name that points at it, and Let's Encrypt",
    words: [
      "apt-get update && apt-get install -y docker.io docker-compose-v2 docker-buildx git curl ufw",
      "apt-get install -y nginx certbot",
      "apt-get install -y nginx openssl certbot ca-certificates",
      "certbot certonly --webroot -w /var/www/html -d $name --deploy-hook 'systemctl reload nginx'",
      "ufw allow OpenSSH && ufw allow http && ufw allow https && ufw --force enable",
      "fallocate -l 1G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile",
      "echo '/swapfile none swap sw 0 0' >> /etc/fstab",
    ],
  },
  {
    day: "2026-11-27",
    came: "not run: read against Prometheus's configuration; /metrics was asked with its token, and refused without",
    inTheWay: "a Prometheus",
    words: [
      'scrape_configs: - job_name: loyalty-bot authorization: {credentials_file: /etc/prometheus/loyalty-bot.token} static_configs: [{targets: ["127.0.0.1:8000"]}]',
    ],
  },
];

/** Words that look like a command and are none: lines that something prints, how commands are written, what was before. */
export const noCommands = [
  "admin max:…",
  "owner max:…",
  "bot in MAX",
  "rules of MAX",
  "way back",
  "way to Telegram",
  "applied …",
  "loyalty X",
  "loyalty-bot X",
  "docker compose exec bot /loyalty-bot X",
  "docker compose run --rm bot X",
  "docker compose run … bot X",
  "docker compose logs -f web",
  "alembic upgrade head",
];
