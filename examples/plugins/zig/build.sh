#!/bin/sh
# Builds the library into this folder: sh build.sh
set -eu
cd "$(dirname "$0")"
header=.
[ -f vigie_plugin.h ] || header=../../../crates/vigie-plugin/include
case "$(uname)" in Darwin) library=libguestbook.dylib ;; *) library=libguestbook.so ;; esac
# The header in Zig, made anew each time: it is never edited.
zig translate-c -lc "$header/vigie_plugin.h" >vigie_plugin.zig
zig build-lib guestbook.zig -dynamic -O ReleaseSafe -fstrip -lc -femit-bin="$library"
rm -f "$library.o"
