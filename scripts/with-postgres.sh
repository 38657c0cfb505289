#!/usr/bin/env bash
# Runs a command with XINBAN_TEST_POSTGRES naming a PostgreSQL server that lives only as long as the command.
#   scripts/with-postgres.sh go test ./...
# Without PostgreSQL's server programs the command runs without it, and says so.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "$bin" ]; then
  echo "with-postgres: no PostgreSQL server programs (Debian package postgresql)" >&2
  exec "$@"
fi
dir=$(mktemp -d /tmp/xinban-pg.XXXXXX)
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
[ "$(id -u)" = 0 ] && chown postgres "$dir"
stop() { as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap stop EXIT
as "$bin/initdb" -D "$dir/data" -U xinban --auth=trust --encoding=UTF8 --locale=C >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
port=$((20000 + RANDOM % 20000))
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/server.log" -o "-p $port -k $dir -c listen_addresses=127.0.0.1 ${XINBAN_PG_OPTIONS:--c fsync=off -c max_connections=200}" start >/dev/null || { cat "$dir/server.log" >&2; exit 1; }
XINBAN_TEST_POSTGRES="postgres://xinban@127.0.0.1:$port/postgres?sslmode=disable" "$@"
