#!/bin/sh
# Runs every fuzz target on a million inputs: sh fuzz/run.sh. Needs cargo-fuzz and a nightly compiler.
# Starts from seeds: the manifest and the recordings of the official plugins, and rows as the examples give them.
set -eu
cd "$(dirname "$0")"
runs="${RUNS:-1000000}"
mkdir -p corpus/manifest corpus/json_rows corpus/frame corpus/c_arrays corpus/question
cp ../plugins/vigie-source-file/plugin.toml corpus/manifest/file
cp ../examples/plugins/c/plugin.toml corpus/manifest/guestbook
printf '\000[{"native_id":"1","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z","hashtags":["a"],"likes":3}]' >corpus/json_rows/mention
printf '\001[{"series":"followers","entity":"a","ts":"2026-01-01T00:00:00Z","value":3.5}]' >corpus/json_rows/point
printf '\003[{"window_start":"2026-01-01T00:00:00Z","window_end":"2026-01-02T00:00:00Z","truncated":true}]' >corpus/json_rows/coverage
printf '\000Q\000\000\000{"method":"GET","url":"https://a.org/?q=1","headers":{},"timeout_ms":0,"flags":0}' >corpus/question/http
printf '\001\144\000\000\000search' >corpus/question/throttle
printf '\002token' >corpus/question/secret
printf '\003\005\000\000\000tokenvalue' >corpus/question/keep
for target in manifest json_rows frame c_arrays question; do
  cargo +nightly fuzz run "$target" -- -runs="$runs" -max_len=4096 -rss_limit_mb=4096
done
