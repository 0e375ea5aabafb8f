#!/usr/bin/env bash
# Everything a change must pass, cheapest first. Stops at the first step that fails.
#
# usage: tests/run.sh [--fast | --binary]
#   --fast     without the browser tests (and without installing what only they need)
#   --binary   runs nothing, prints the path of the program that a run has built and tested
#
# Exit codes: 0 all passed, 1 a step failed, 2 something is missing or the usage is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One profile for all steps, so that dependencies are compiled once, and what is tested in a browser is what the Rust
# tests drove. The target folder may be anywhere in the user's settings.
profile=quick
target_folder() {
    cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}

fast=false
for argument in "$@"; do
    case $argument in
        --fast) fast=true ;;
        --binary) echo "$(target_folder)/$profile/personary"; exit 0 ;;
        -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) echo "run.sh: unknown argument '$argument' (try --help)" >&2; exit 2 ;;
    esac
done

bold='' red='' green='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi

# ---- steps and their summary

summary=()
started=$SECONDS

finish() {
    local code=$1 verdict
    # An installation is not to be cut off in the middle.
    [[ -z $fetching ]] || wait "$fetching" || true
    printf '\n%s── Summary ──────────────────────────%s\n' "$bold" "$plain"
    printf '%s\n' "${summary[@]}"
    if [[ $code == 0 ]]; then verdict="${green}passed${plain}"; else verdict="${red}failed${plain}"; fi
    printf '%s in %s\n' "$verdict" "$(clock $((SECONDS - started)))"
    exit "$code"
}

clock() { printf '%d:%02d min' $(($1 / 60)) $(($1 % 60)); }

# step NAME COMMAND… runs the command; a failure ends the run.
step() {
    local name=$1 begun=$SECONDS code=0
    shift
    printf '\n%s▶ %s%s\n' "$bold" "$name" "$plain"
    "$@" < /dev/null || code=$?
    if [[ $code == 0 ]]; then
        summary+=("$(printf '  %s✓%s %-26s %s' "$green" "$plain" "$name" "$(clock $((SECONDS - begun)))")")
    else
        summary+=("$(printf '  %s✗%s %-26s %s  (exit code %d: %s)' "$red" "$plain" "$name" "$(clock $((SECONDS - begun)))" "$code" "$*")")
        finish 1
    fi
}

# What comes over the network is fetched while the compiler works, one after the other: apt allows no two at a time.
fetching=''
fetch_log=$(mktemp)
trap 'rm -f "$fetch_log"' EXIT

begin_fetching() { ("$@") > "$fetch_log" 2>&1 < /dev/null & fetching=$!; }

# Waits for it, so that what is measured later is not measured beside an installation.
fetched() {
    local code=0
    wait "$fetching" || code=$?
    cat "$fetch_log"
    return "$code"
}

# ---- what must be there

missing() {
    printf '\n%srun.sh: something is missing%s\n' "$red" "$plain" >&2
    printf '  %s\n' "$@" >&2
    exit 2
}

require_rust() {
    local wanted
    command -v cargo > /dev/null || missing 'cargo: install Rust, for example with rustup'
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    local found
    found=$(rustc --version | sed 's/^rustc \([0-9.]*\).*/\1/')
    [[ $(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1) == "$wanted" ]] \
        || missing "Rust $wanted or newer is needed, this is $found: rustup update"
    cargo fmt --version > /dev/null 2>&1 || missing 'rustfmt: rustup component add rustfmt'
    cargo clippy --version > /dev/null 2>&1 || missing 'clippy: rustup component add clippy'
}

require_node() {
    command -v node > /dev/null && command -v npm > /dev/null \
        || missing 'Node.js 20.19 or newer with npm (or run with --fast, without the browser tests)'
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
        || missing "Node.js 20.19 or newer is needed, this is $(node --version)"
}

# Debian's packages for the commands that are not there yet.
packages=()
want() { command -v "$1" > /dev/null 2>&1 || packages+=("${@:2}"); }

as_root=()
require_installer() {
    command -v apt-get > /dev/null || missing "the equivalents of these Debian packages: ${packages[*]}"
    [[ $(id -u) != 0 ]] || return 0
    command -v sudo > /dev/null && sudo -n true 2> /dev/null \
        || missing "as root: apt-get update && apt-get install --no-install-recommends ${packages[*]}"
    as_root=(sudo -n)
}

install_packages() {
    "${as_root[@]}" apt-get update -q \
        && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "${packages[@]}"
}

# The lock file that was installed from is kept beside the modules: times mean nothing after a checkout.
node_modules_fresh() { cmp -s tests/browser/package-lock.json tests/browser/node_modules/.installed-from; }

install_node_modules() {
    (cd tests/browser && npm ci --no-audit --no-fund && cp package-lock.json node_modules/.installed-from)
}

install_tools() {
    python3 -m pip install -q --disable-pip-version-check --root-user-action ignore --upgrade --no-deps \
        --require-hashes --target "$tools" -r tests/tools.txt
}

install_missing() {
    [[ ${#packages[@]} == 0 ]] || install_packages || return
    $fast || node_modules_fresh || install_node_modules || return
    $tools_there || install_tools
}

# They come from a repository that not every machine may reach (docs/release.md).
advisories() {
    local from=https://github.com/RustSec/advisory-db
    if GIT_TERMINAL_PROMPT=0 timeout 30 git ls-remote --quiet "$from" HEAD > /dev/null; then
        cargo deny --locked check --hide-inclusion-graph advisories
    else
        printf 'LEFT OUT: %s cannot be reached, so nobody asked for known vulnerabilities\n' "$from"
    fi
}

# ---- the run

require_rust
want git git
want cc gcc libc6-dev
if [[ ${#packages[@]} != 0 ]]; then
    require_installer
    step "install ${packages[*]}" install_packages
    packages=()
fi

tools=$(target_folder)/tools
PATH=$tools/bin:$PATH
tools_there=false
if cargo deny --version > /dev/null 2>&1; then
    tools_there=true
else
    python3 -m pip --version > /dev/null 2>&1 || packages+=(python3-pip)
fi
if [[ $fast == false ]]; then
    require_node
    [[ -x ${CHROMIUM:-} ]] || want chromium-headless-shell chromium-headless-shell fonts-liberation
    # The Nu HTML checker is a Java program.
    want java default-jre-headless
    # docs/hosting.md is tried on what it is written for.
    [[ -x /usr/sbin/nginx ]] || want nginx nginx-light
    want caddy caddy
    want valgrind valgrind
    # The library that the fuzz targets are linked to is written in C++.
    want c++ g++
    want python3 python3
fi
[[ ${#packages[@]} == 0 ]] || require_installer
if [[ ${#packages[@]} != 0 || $tools_there == false ]] || ! { $fast || node_modules_fresh; }; then
    begin_fetching install_missing
fi

step 'formatting' cargo fmt --check
step 'clippy' cargo clippy --locked --profile "$profile" --all-targets -- -D warnings
# What only the tests need switches on features of other dependencies too: the program must do without them.
step 'the program alone' cargo check --locked --profile "$profile" --bins
[[ -z $fetching ]] || step "installations${packages[*]:+: ${packages[*]}}" fetched
step 'licences and sources' cargo deny --locked check --hide-inclusion-graph licenses bans sources
step 'advisories' advisories
if cargo nextest --version > /dev/null 2>&1; then
    step 'tests' cargo nextest run --locked --cargo-profile "$profile" --config-file tests/nextest.toml
    step 'documentation examples' cargo test --locked --profile "$profile" --doc
else
    step 'tests' cargo test --locked --profile "$profile"
fi

if [[ $fast == false ]]; then
    # A workspace of its own, which nothing else here would notice to be broken.
    step 'fuzz targets' env RUSTFLAGS='--cfg fuzzing' CARGO_TARGET_DIR="$(target_folder)/fuzz" \
        cargo check --locked --manifest-path fuzz/Cargo.toml
    # They read what others have written to test by, which comes with the Node modules.
    step 'conformance suites' cargo test --locked --profile "$profile" --lib suite -- --ignored
    step 'instruction counts' python3 benches/instructions.py "$(target_folder)/$profile/personary"

    # What measures time runs alone, one file after the other; the rest two at a time.
    alone=() together=()
    for file in tests/browser/*.test.mjs; do
        case ${file##*/} in
            live.* | lighthouse.* | search.*) alone+=("$file") ;;
            *) together+=("$file") ;;
        esac
    done
    in_browser() {
        env PERSONARY="$(target_folder)/$profile/personary" \
            node --test --test-concurrency="$1" --test-reporter=spec "${@:2}"
    }
    step 'browser tests' in_browser 2 "${together[@]}"
    step 'browser tests of time' in_browser 1 "${alone[@]}"
fi

finish 0
