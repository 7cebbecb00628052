// `token` on a real terminal: what is typed there becomes a user token, and the password is seen by nobody but YCLIENTS.
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { BRANCH, type Env, program, run, until } from "../helpers/program.ts";

const [PARTNER, USER] = ["partner-hidden-words", "0123456789abcdef0123456789abcdef"];
const LOGIN = "79161234567";
const PASSWORD = "Длинный пароль №1";
/** Flags of a terminal's line discipline (termios, c_lflag): what is typed is shown, a line is read whole. */
const [ECHO, ICANON] = [8, 2];

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function vendor(secondStep = false) {
  const journal = new Journal();
  journal.addCompany({ id: BRANCH, title: "Салон «Мята»", timeZone: "Europe/Moscow" });
  const user = { login: LOGIN, password: PASSWORD, secondStep };
  const tokens = { partnerToken: PARTNER, userToken: USER };
  const yclients = startYclients({ journal, ...tokens, user, perMinute: 0, perSecond: 0 });
  closing.push(() => yclients.stop());
  return {
    yclients,
    env: { YCLIENTS_PARTNER_TOKEN: PARTNER, YCLIENTS_API_URL: yclients.url, LOG_LEVEL: "trace" },
  };
}

/** The program on a terminal of its own, in an empty folder that is its home. */
function onTerminal(env: Env, command = `exec ${program()} token`) {
  const home = mkdtempSync(join(tmpdir(), "loyalty-token-"));
  let text = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn(["sh", "-c", command], {
    env: { PATH: process.env.PATH ?? "", HOME: home, ...env },
    cwd: home,
    terminal: {
      data: (_, bytes) => {
        text += decoder.decode(bytes, { stream: true });
      },
    },
  });
  const { terminal } = child;
  if (!terminal) throw new Error("no terminal");
  closing.push(() => rmSync(home, { recursive: true, force: true }));
  closing.push(() => child.kill("SIGKILL"));
  return {
    ...{ child, home },
    said: () => Bun.stripANSI(text).replaceAll(/\r+\n/g, "\n"),
    type: (line: string) => terminal.write(line),
    asks: (question: string, times = 1) => until(() => text.split(question).length > times),
    /** Whether the terminal is as a shell expects it. */
    isRestored: () => (terminal.localFlags & (ECHO | ICANON)) === (ECHO | ICANON),
    async signIn(password = PASSWORD, login = "8 (916) 123-45-67") {
      await this.asks("Phone or e-mail: ");
      terminal.write(`${login}\r`);
      await this.asks("Password (not shown): ");
      terminal.write(`${password}\r`);
    },
    async ended() {
      const code = await child.exited;
      await until(() => terminal.closed || text.endsWith("\n"));
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toMatch(/Длинный|пароль|partner-hidden|\n\s+at /);
      expect(
        readdirSync(home)
          .flatMap((file) => readFileSync(join(home, file), "utf8"))
          .join(),
      ).not.toContain("пароль");
      return code;
    },
  };
}

test("phone and password become the user token; each right of each branch is said, with what it is for and where it is given", async () => {
  const { yclients, env } = vendor();
  yclients.permissions.timetable_phones_access = false;
  yclients.permissions.finances_last_days_count = 7;
  const at = onTerminal({ ...env, COMPANY_ID: `${BRANCH},77` });
  await at.signIn();
  expect(await at.ended()).toBe(0);
  const grant = "       → in YCLIENTS, Настройки → Пользователи → the user or the role → Права доступа:";
  expect(at.said()).toBe(`Login and password of a YCLIENTS user go to YCLIENTS alone and are kept nowhere.
Phone or e-mail: 8 (916) 123-45-67
Password (not shown): 
The user token, for YCLIENTS_USER_TOKEN:
${USER}
Branch ${BRANCH}
  has    open the journal: visits are read from it
  lacks  see clients' phones: by the phone a visit finds its card
  ${grant} Журнал записи, Клиентская база
  lacks  see finance operations of all days: points are given on what was paid, and taken back for what was returned (7 days are seen)
  ${grant} Финансы
Branch 77
  lacks  the branch: this user works in ${BRANCH} (Салон «Мята»)
         → add the user there (Настройки → Пользователи), or correct COMPANY_ID
Write the token where YCLIENTS_USER_TOKEN is read from, then run loyalty-bot check.
`);
  expect(at.isRestored()).toBe(true);
  expect(JSON.stringify(yclients.requests)).not.toContain("пароль");
});

test("with no COMPANY_ID the branches of the user are named; an e-mail is a login too; standard output gets the token alone", async () => {
  const { yclients, env } = vendor();
  yclients.faults.next({
    path: /^\/auth/,
    status: 201,
    body: { id: 1, user_token: USER, name: "Иван Попов" }, // as the documentation prints it, without an envelope
  });
  const at = onTerminal(env, `exec ${program()} token > token.txt`);
  await at.signIn("whatever", "olga@example.ru");
  expect(await at.ended()).toBe(0);
  expect(readFileSync(join(at.home, "token.txt"), "utf8")).toBe(`${USER}\n`);
  expect(at.said()).not.toContain(USER);
  expect(at.said()).toContain(
    `COMPANY_ID is not set. Branches where this user works: ${BRANCH} (Салон «Мята»).\nBranch ${BRANCH}\n  has`,
  );
  expect(at.said()).not.toMatch(/lacks|Попов/);
});

test("while YCLIENTS is asked, the password is in no argument and no environment, and the terminal is its owner's again", async () => {
  const { yclients, env } = vendor();
  yclients.faults.next({ path: /^\/auth/, delayMs: 1_500 });
  const at = onTerminal(env);
  await at.asks("Phone or e-mail: ");
  expect(at.isRestored()).toBe(false);
  await at.signIn();
  await until(() => yclients.requests.length > 0);
  await until(at.isRestored);
  if (process.platform === "linux") {
    const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const listed = processes
      .map((pid) => readOr(`/proc/${pid}/cmdline`) + readOr(`/proc/${pid}/environ`))
      .join();
    expect(listed).toContain("token");
    expect(listed).not.toContain(PASSWORD);
  }
  expect(await at.ended()).toBe(0);
});

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

test("Ctrl-Z, which stops nothing in a container, gives the terminal to nobody: a password would be shown behind it", async () => {
  const { env } = vendor();
  const at = onTerminal(env);
  await at.asks("Phone or e-mail: ");
  at.type("\x1a");
  at.type("half");
  await until(() => at.said().includes("half"));
  expect(at.isRestored()).toBe(false);
  at.type("\u0003");
  expect(await at.ended()).toBe(130);
});

test("what is typed ahead of its question is not shown either", async () => {
  const { env } = vendor();
  const at = onTerminal(env);
  await at.asks("Phone or e-mail: ");
  at.type(`olga\r${LOGIN}\r${PASSWORD}\r`);
  expect(await at.ended()).toBe(0);
  expect(at.said()).toContain("Write the phone as +7 916 123-45-67, or the e-mail");
  expect(at.said()).toContain(USER);
});

test.each([
  ["Ctrl-C", 130, (at: ReturnType<typeof onTerminal>) => at.type("half\u0003")],
  ["Ctrl-D", 130, (at: ReturnType<typeof onTerminal>) => at.type("\u0004")],
  ["SIGTERM", 143, (at: ReturnType<typeof onTerminal>) => at.child.kill("SIGTERM")],
  ["SIGINT", 130, (at: ReturnType<typeof onTerminal>) => at.child.kill("SIGINT")],
  ["SIGHUP", 129, (at: ReturnType<typeof onTerminal>) => at.child.kill("SIGHUP")],
] as const)(
  "%s while the password is asked ends it, and the terminal shows again what is typed",
  async (_, code, leave) => {
    const { yclients, env } = vendor();
    const at = onTerminal(env);
    await at.asks("Phone or e-mail: ");
    at.type(`${LOGIN}\r`);
    await at.asks("Password (not shown): ");
    leave(at);
    expect(await at.ended()).toBe(code);
    expect(at.isRestored()).toBe(true);
    expect(at.said()).not.toContain("half");
    expect(yclients.requests).toEqual([]);
  },
);

const refuses =
  "YCLIENTS refuses (401): it has no user with this login and password, or does not know YCLIENTS_PARTNER_TOKEN.";

test("a wrong password is a sentence, and whatever YCLIENTS says of it is not repeated", async () => {
  const { yclients, env } = vendor();
  const wrong = onTerminal(env);
  await wrong.signIn("не тот");
  expect(await wrong.ended()).toBe(1);
  expect(wrong.said()).toContain(refuses);
  expect(wrong.said()).not.toContain("не тот");
  const message = `Пользователь ${LOGIN}: "${PASSWORD}" не подходит`;
  yclients.faults.next({
    path: /^\/auth/,
    status: 422,
    body: { success: false, data: null, meta: { message } },
  });
  const hostile = onTerminal(env);
  await hostile.signIn();
  expect(await hostile.ended()).toBe(1);
  expect(hostile.said()).toContain("YCLIENTS refuses (422): ");
  expect(hostile.said()).not.toContain("подходит");
  const partner = onTerminal({ ...env, YCLIENTS_PARTNER_TOKEN: "another" });
  await partner.signIn();
  expect(await partner.ended()).toBe(1);
  expect(partner.said()).toContain(refuses);
});

test("a user who signs in with a code gets no token, and is told what to do", async () => {
  const { env } = vendor(true);
  const at = onTerminal(env);
  await at.signIn();
  expect(await at.ended()).toBe(1);
  expect(at.said()).toContain("wants a code beside the password. Make a user for the bot alone");
});

test("too many requests, an outage and no network: a sentence each, with its remedy", async () => {
  const { yclients, env } = vendor();
  const said = async (changes: Env = {}) => {
    const at = onTerminal({ ...env, ...changes });
    await at.signIn();
    expect(await at.ended()).toBe(1);
    return at.said().trim().split("\n").at(-1);
  };
  yclients.faults.next({ path: /^\/auth/, status: 429 });
  expect(await said()).toBe(
    "YCLIENTS takes no more requests for now (429): wait a minute, then run token again.",
  );
  yclients.faults.next({ path: /^\/auth/, html: true, times: 4 });
  expect(await said()).toStartWith(
    "YCLIENTS could not be reached: it answered 502. Remedy: see that this machine reaches it",
  );
  expect(await said({ YCLIENTS_API_URL: "http://127.0.0.1:1" })).toMatch(
    /^YCLIENTS could not be reached: .*YCLIENTS_API_URL\)\. No token was made\.$/,
  );
});

test("a token whose rights cannot be asked is printed all the same", async () => {
  const { yclients, env } = vendor();
  yclients.faults.always({ path: /^\/companies/, status: 403 });
  const at = onTerminal(env);
  await at.signIn();
  expect(await at.ended()).toBe(0);
  expect(at.said()).toContain(`${USER}\nIts rights are not known: YCLIENTS answered 403: `);
});

test("without a terminal nothing is asked, and without the partner's token neither", async () => {
  const { yclients, env } = vendor();
  const piped = await run(["token"], env);
  expect([piped.code, piped.out]).toEqual([1, ""]);
  expect(piped.err).toStartWith(
    "token asks for a login and a password, which it does not show: run it on a terminal",
  );
  for (const half of ["< /dev/null", "2> said.txt"]) {
    const at = onTerminal(env, `${program()} token ${half}; code=$?; cat said.txt 2> /dev/null; exit $code`);
    expect(await at.ended()).toBe(1);
    expect(at.said()).toStartWith("token asks for a login and a password, which it does not show: run it");
  }
  const none = await run(["token"]);
  expect(none.err).toMatch(/^YCLIENTS_PARTNER_TOKEN is not set: write the partner's token alone[^\n]*\n$/);
  const argument = await run(["token", "--password", "x"], env);
  expect(argument.err).toStartWith("token: Unknown option '--password'");
  expect(yclients.requests).toEqual([]);
});
