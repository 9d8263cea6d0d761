#!/bin/sh
# Builds the library into this folder: sh build.sh
set -eu
cd "$(dirname "$0")"
header=.
[ -f vigie_plugin.h ] || header=../../../crates/vigie-plugin/include
# Only the entry is exported; templates of the standard library would be too.
entry=vigie_guestbook_entry_v0
case "$(uname)" in
Darwin)
  library=libguestbook.dylib
  hide="-Wl,-exported_symbol,_$entry"
  ;;
*)
  library=libguestbook.so
  echo "{ global: $entry; local: *; };" >exports.map
  hide="-static-libstdc++ -static-libgcc -Wl,--version-script=exports.map -s"
  ;;
esac
# The code replies the very text of spec.json.
sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' spec.json >spec.inc
# shellcheck disable=SC2086
"${CXX:-c++}" -std=c++11 -Wall -Wextra -Wpedantic -O2 -fPIC -shared -fvisibility=hidden $hide -I"$header" -o "$library" guestbook.cpp
