#!/bin/sh
# Builds the library into this folder: sh build.sh
set -eu
cd "$(dirname "$0")"
header=.
[ -f vigie_plugin.h ] || header=../../../crates/vigie-plugin/include
case "$(uname)" in Darwin) library=libguestbook.dylib ;; *) library=libguestbook.so ;; esac
# The code replies the very text of spec.json.
sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' spec.json >spec.inc
"${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -O2 -fPIC -shared -fvisibility=hidden -I"$header" -o "$library" guestbook.c
