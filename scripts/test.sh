#!/usr/bin/env bash
# The whole test of the house: make test. Each step prints its time; a failed step does not hide the next ones.
# The last lines name each group that was skipped and why; the very last says passed or failed.
#
#   TEST_RACE=0   leaves the race detector out
#   TEST_INSTALL=0   installs nothing, even as root
set -uo pipefail
cd "$(dirname "$0")/.."
source scripts/test-tools.sh

# As make build builds, so that nothing big is compiled twice.
export CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath"

STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2
# Packages in which goroutines meet; bulk stays out by -short.
RACED="./internal/store/... ./internal/ledger ./internal/account ./internal/audit ./internal/web ./internal/report ./internal/publicity ./internal/intake ./internal/law/adopted ./internal/page ./internal/i18n"

work=$(mktemp -d "${TMPDIR:-/tmp}/xinban-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=()
skipped=()
began=$SECONDS

# processors prints the processor seconds that this script's children have used so far
processors() {
	times >"$work/times"
	tail -n 1 "$work/times" | awk '{ split($1, u, /[ms]/); split($2, s, /[ms]/); printf "%d", 60 * (u[1] + s[1]) + u[2] + s[2] }'
}

# step NAME COMMAND...: runs, prints the time and the processors' time, notes a failure and goes on
step() {
	local name=$1 start=$SECONDS used result="" now
	shift
	processors >"$work/used"
	used=$(<"$work/used")
	echo "==> $name"
	"$@" || { failed+=("$name"); result="FAILED after "; }
	processors >"$work/used"
	now=$(<"$work/used")
	echo "    $name: $result$((SECONDS - start)) s, $((now - used)) s of processors"
}

formatted() {
	local bad
	bad=$(gofmt -l cmd internal scripts)
	[ -z "$bad" ] || { echo "gofmt would change:" "$bad"; return 1; }
}

# judged runs go test and lets scripts/testsum say what failed, what was skipped and what took long
judged() {
	local run=$1 log=$work/$1.json
	shift
	"$@" >"$log" 2>"$log.err"
	local code=$?
	grep -v '^go: downloading' "$log.err" >&2
	"$work/testsum" -run "$run" -skips "$work/skips" <"$log" || code=1
	return $code
}

lint() {
	if ! go run "$STATICCHECK" -version >"$work/staticcheck" 2>&1; then
		skipped+=("staticcheck: $(tail -n 1 "$work/staticcheck")")
		return 0
	fi
	go run "$STATICCHECK" ./...
}

race() {
	if [ "${TEST_RACE:-1}" = 0 ]; then skipped+=("race detector: TEST_RACE=0"); return 0; fi
	if ! command -v "$(go env CC)" >/dev/null; then skipped+=("race detector: no C compiler (Debian package gcc)"); return 0; fi
	judged race env CGO_ENABLED=1 go test -json -race -short -timeout 6m $RACED
}

step "tools" tools
step "build" make -s build
step "test summary program" go build -o "$work/testsum" ./scripts/testsum
step "gofmt" formatted
step "vet" go vet ./...
step "staticcheck" lint
step "vendored files" scripts/vendor.sh --check
step "tests: units, scenarios, properties, stores, browser, documents, commands" \
	judged tests scripts/with-postgres.sh go test -json -parallel 4 -timeout 11m ./...
step "race detector on small tests" race

echo
echo "==> skipped"
[ ! -f "$work/skips" ] || while IFS= read -r line; do skipped+=("$line"); done < <(sort -u "$work/skips")
[ ${#skipped[@]} -gt 0 ] || echo "    nothing"
for s in "${skipped[@]}"; do echo "    $s"; done
if [ ${#failed[@]} -gt 0 ]; then
	printf -v list '%s; ' "${failed[@]}"
	echo "FAILED after $((SECONDS - began)) s: ${list%; }"
	exit 1
fi
echo "passed in $((SECONDS - began)) s, ${#skipped[@]} groups skipped"
