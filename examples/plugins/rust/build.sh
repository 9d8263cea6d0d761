#!/bin/sh
# Builds the library and puts it into this folder: sh build.sh
set -eu
cd "$(dirname "$0")"
cargo build --release
target="${CARGO_TARGET_DIR:-target}/release"
case "$(uname)" in Darwin) library=libguestbook.dylib ;; *) library=libguestbook.so ;; esac
cp "$target/$library" .
