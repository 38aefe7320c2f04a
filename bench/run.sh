#!/usr/bin/env bash
# Measures volteface, and urlwatch beside it, on the local site of
# $VOLTEFACE_SHARED/bench: 1,000 pages on eight loopback hosts, politeness off,
# everything kept. Needs Go, python3, curl and, for the comparison, urlwatch
# (Debian package). Options go to the runner: bench/run.sh -r 5
set -euo pipefail
cd "$(dirname "$0")/.."
: "${VOLTEFACE_SHARED:?set VOLTEFACE_SHARED to the folder that holds bench/}"
export BENCH_OUT=${BENCH_OUT:-${TMPDIR:-/tmp}/volteface-bench}
mkdir -p "$BENCH_OUT/bin"
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$BENCH_OUT/bin/volteface" ./cmd/volteface
bash "$VOLTEFACE_SHARED/bench/bench.sh" -N volteface -s '
mkdir -p {work}/sources
printf "http: {allow_private: true, delay: 0s}\n" > {work}/volteface.yaml
for host in $(cut -d/ -f3 {urls} | sort -u); do
  id=site-$(echo "$host" | tr ".:" "--")
  printf "id: %s\nissuer: {id: gazette, name: Gazette}\ntags: [bench]\nkind: sitemap\nurl: http://%s/sitemap.xml\nlanguage: en\ndelay: 0s\nextract:\n  title: [h1]\n  body: [\"div[itemprop=articleBody]\"]\n  published:\n    - selectors: [\"time[itemprop=datePublished]\"]\n      attr: datetime\n" "$id" "$host" > {work}/sources/$id.yaml
done
' -c '{bin}/volteface scrape --tag bench --recheck all --no-analysis --json --delay 0s --config {work}/volteface.yaml --data-dir {store}' \
  -k "grep -E '\"state\":\"(NEW|CHANGED|MISSING)\"' {out} | grep -oE '/statement/[0-9]+' | sed 's,.*/,,'" "$@"
if command -v urlwatch >/dev/null; then
  bash "$VOLTEFACE_SHARED/bench/peers/urlwatch.sh" "$@"
else
  echo "urlwatch is not installed: no comparison" >&2
fi
python3 "$VOLTEFACE_SHARED/bench/summary.py" "$BENCH_OUT"/results/*.tsv
