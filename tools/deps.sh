#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what the build (and, with the word `check`, the test suite; with `bench`, the benchmark; with
# `browser`, the tests of the HTML report in a browser, which are left out without it) needs and does not find,
# as Debian or Ubuntu packages. Does nothing, and needs no network, when all is there. On another distribution it
# names what is missing and stops.
set -eu

# One need a line: how it is looked for, and the package that has it.
build_needs='
command gcc gcc
command g++ g++
command make make
command ld binutils
command pkg-config pkg-config
header libunwind.h libunwind-dev
header uthash.h uthash-dev
header elfutils/libdwfl.h libdw-dev
header libelf.h libelf-dev
header libiberty/demangle.h libiberty-dev
header zlib.h zlib1g-dev
header protobuf-c/protobuf-c.h libprotobuf-c-dev
command protoc-c protobuf-c-compiler
'
check_needs='
header check.h check
command python3 python3
command clang clang
command valgrind valgrind
command mandoc mandoc
command redis-server redis-server
command redis-benchmark redis-tools
command nginx nginx-light
command ab apache2-utils
command sqlite3 sqlite3
command perl perl
command git git
command node nodejs
command jq jq
command xmllint libxml2-utils
command protoc protobuf-compiler
file /usr/share/gocode/src/github.com/google/pprof/proto/profile.proto golang-github-google-pprof-dev
file /usr/lib/python3/dist-packages/jsonschema python3-jsonschema
file /usr/lib/python3/dist-packages/prometheus_client python3-prometheus-client
command xz xz-utils
command gdb gdb
command curl curl
command openssl openssl
command ssh-keygen openssh-client
command zstd zstd
command ed ed
command gzip gzip
command bzip2 bzip2
command mawk mawk
command vim vim
command dwz dwz
library libdebuginfod.so.1 libdebuginfod1
command tar tar
command dpkg-deb dpkg
command cmake cmake
file /usr/lib/python3/dist-packages/yaml python3-yaml
'
# What leakgc is compared with; each can be missing, and is then left out.
bench_needs='
library libjemalloc.so.2 libjemalloc2
library libmimalloc.so libmimalloc2.0
library libtcmalloc_minimal.so.4 libtcmalloc-minimal4
library liblsan.so.0 liblsan0
command heaptrack heaptrack
command valgrind valgrind
command redis-server redis-server
command redis-benchmark redis-tools
command sqlite3 sqlite3
command python3 python3
command clang clang
command jq jq
command perl perl
command git git
'

# 300 MB with what it needs, so never installed unasked; google-chrome does as well.
browser_needs='
command chromium chromium
'

found() {
    case $1 in
    command) PATH=$PATH:/usr/sbin:/sbin command -v "$2" >/dev/null 2>&1 ;;
    file) [ -e "$2" ] ;;
    library) ldconfig -p 2>/dev/null | grep -q "$2" || /sbin/ldconfig -p | grep -q "$2" ;;
    header) printf '#include <stddef.h>\n#include <stdio.h>\n#include <%s>\n' "$2" |
        cc -E -o /dev/null - 2>/dev/null ;;
    esac
}

needs=$build_needs
case ${1:-} in
check) needs=$build_needs$check_needs ;;
bench) needs=$build_needs$bench_needs ;;
browser) needs=$build_needs$browser_needs ;;
esac

missing=$(printf '%s' "$needs" | while read -r how what package; do
    [ -n "$how" ] || continue
    found "$how" "$what" || printf ' %s' "$package"
done)
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "leakgc needs these packages (Debian's names), please install them:$missing" >&2
    exit 1
fi
as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
echo "leakgc: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq || echo "leakgc: the package lists could not be brought up to date" >&2
# shellcheck disable=SC2086 # a list of words
if ! $as_root apt-get install -y -qq --no-install-recommends $missing; then
    [ "${1:-}" = bench ] || exit 1
    for package in $missing; do # another release may lack one of them
        $as_root apt-get install -y -qq --no-install-recommends "$package" ||
            echo "leakgc: $package could not be installed, the benchmark does without it" >&2
    done
fi
