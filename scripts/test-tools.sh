# Sourced by test.sh. tools: installs what the tests want and is missing, as root on Debian; else names it and goes on,
# for every test that wants a program skips itself when it is not there.

# program or font, Debian package, what is skipped without it
wanted="
chromium|chromium|browser tests
pdfsig|poppler-utils|judging documents by pdfsig, pdftotext and pdffonts
qpdf|qpdf|judging documents by qpdf
zbarimg|zbar-tools|reading the code on the paper
openssl|openssl|judging signatures by openssl
initdb|postgresql|stores on PostgreSQL
font|fonts-noto-cjk|Chinese text in pictures of pages
gcc|gcc libc6-dev|race detector
"

# there PROGRAM
there() {
	case $1 in
	initdb) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null ;;
	font) ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh)" ]; } ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# missing prints the lines of wanted that are not there
missing() {
	local line
	while IFS= read -r line; do
		[ -z "$line" ] || there "${line%%|*}" || echo "$line"
	done <<<"$wanted"
}

tools() {
	local lines packages
	lines=$(missing)
	[ -n "$lines" ] || { echo "    all programs are there"; return 0; }
	if [ "$(id -u)" = 0 ] && [ "${TEST_INSTALL:-1}" = 1 ] && command -v apt-get >/dev/null; then
		packages=$(cut -d'|' -f2 <<<"$lines" | tr '\n' ' ')
		echo "    installing $packages"
		{
			export DEBIAN_FRONTEND=noninteractive
			apt-get update -q && apt-get install -q -y --no-install-recommends $packages
		} >"$work/apt" 2>&1 </dev/null || tail -n 3 "$work/apt"
		lines=$(missing)
	fi
	while IFS='|' read -r _ package what; do
		[ -z "$what" ] || skipped+=("$what: Debian package $package is not installed")
	done <<<"$lines"
}
