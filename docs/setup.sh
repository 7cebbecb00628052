#!/usr/bin/env bash
# Asks for what only you know, and writes .env and a file for each secret, for compose.yml. Run as root; again, to change what you
# answer: Enter leaves a thing as it is. docs/install.md says where the answers come from.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."
[ -e .env ] || cp .env.example .env

# The line of a setting in .env, in place of all that are there: the last one would be read.
setting() {
  read -rp "$2: " value
  [ -n "$value" ] || return 0
  name=$1 line="$1='${value//\'/\\\'}'" awk '
    $0 ~ "^#?" ENVIRON["name"] "=" { if (!done++) print ENVIRON["line"]; next } { print } END { if (!done) print ENVIRON["line"] }
  ' .env > .env.new
  mv .env.new .env
}

# A file of its own, and nothing of it on the screen but how long it is; an empty one until it is known.
secret() {
  read -rsp "$2: " value
  [ -z "$value" ] && [ -e "secrets/$1" ] || printf %s "$value" > "secrets/$1"
  length=$(wc -m < "secrets/$1")
  if [ -n "$value" ]; then echo "($((length)) characters)"
  elif [ "$length" -gt 0 ]; then echo "(stays as it is)"
  else echo "(none yet)"; fi
}

setting COMPANY_ID "The branch's id, the number in the address of its journal"
setting LEGAL_NAME "Who processes personal data, for the consent: name, INN, address, e-mail"

install -d -m 700 secrets
chmod -f u+w secrets/* || true
# Each where there is none, so that a run that was broken off is made good, and a database elsewhere stays the one.
[ -s secrets/POSTGRES_PASSWORD ] || openssl rand -hex 24 | tr -d '\n' > secrets/POSTGRES_PASSWORD
[ -s secrets/DATABASE_URL ] ||
  printf 'postgresql://loyalty:%s@db:5432/loyalty' "$(cat secrets/POSTGRES_PASSWORD)" > secrets/DATABASE_URL
secret FATHERBOT_TOKEN "The bot's token, from @BotFather"
secret YCLIENTS_PARTNER_TOKEN "The partner's token of YCLIENTS"
secret YCLIENTS_USER_TOKEN "The user's token of YCLIENTS (Enter, if you have none yet)"

# 10001 is the program's user; another than root cannot hand it over, and Docker would not let the program read it.
chmod 400 secrets/*
[ "$(id -u)" != 0 ] || chown -R 10001 secrets
echo "Written: .env, and the tokens to secrets; their lines in .env stay empty. Go on with docs/install.md, 3. Start."
