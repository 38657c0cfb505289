#!/bin/sh
# Fetches the front-end files that the program embeds, from the npm packages of the versions below, into
# internal/page/static/vendor, and writes their versions and SHA-256 to VENDOR there. Node is needed only
# here. Run it after changing a version, look at the difference, commit both.
#
#   scripts/vendor.sh          fetch and replace
#   scripts/vendor.sh --check  compare the files that are there with VENDOR
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
to=$root/internal/page/static/vendor

if [ "${1:-}" = --check ]; then
	for dir in "$to" "$root/internal/web/webtest/static"; do
		(cd "$dir" && sed -n 's/^\([0-9a-f]\{64\}\)  \([^ ]*\).*/\1  \2/p' VENDOR | sha256sum --check --quiet)
	done
	exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$to"
list=VENDOR

# take PACKAGE VERSION FILE AS: one file of a package, under a name of ours
take() {
	dir=$work/$(echo "$1" | tr '@/' '__')-$2
	if [ ! -d "$dir" ]; then
		mkdir "$dir"
		(cd "$dir" && npm pack --silent "$1@$2" >/dev/null && tar -xzf ./*.tgz)
	fi
	# the maps are not shipped, so nothing may ask for them
	sed -e 's,/\*# sourceMappingURL=[^*]*\*/,,' -e 's,^//# sourceMappingURL=.*,,' "$dir/package/$3" >"$to/$4"
	printf '%s  %s  %s@%s %s\n' "$(sha256sum "$to/$4" | cut -d' ' -f1)" "$4" "$1" "$2" "$3" >>"$work/$list"
}

take @tabler/core 1.6.1 dist/css/tabler.min.css tabler.css
take htmx.org 4.0.1 dist/htmx.min.js htmx.js
take htmx.org 4.0.1 LICENSE htmx.LICENSE
take echarts 6.1.0 dist/echarts.min.js echarts.js
take echarts 6.1.0 LICENSE echarts.LICENSE
take echarts 6.1.0 NOTICE echarts.NOTICE

# axe-core judges pages in tests and is not embedded in the program
to=$root/internal/web/webtest/static
list=VENDOR.test
mkdir -p "$to"
take axe-core 4.14.1 axe.min.js axe.js
take axe-core 4.14.1 LICENSE axe.LICENSE
to=$root/internal/page/static/vendor

if grep -Eo 'url\(["'\'']?(https?:)?//[^)]*|@import[^;]*' "$to/tabler.css"; then
	echo "vendor.sh: the style sheet asks for something from outside" >&2
	exit 1
fi
mv "$work/VENDOR" "$to/VENDOR"
mv "$work/VENDOR.test" "$root/internal/web/webtest/static/VENDOR"
cat "$to/VENDOR"
