#!/usr/bin/env bash
# Everything a change must pass, cheapest first. Stops at the first step that fails.
#
# usage: tests/run.sh [--fast]
#   --fast   without the browser tests (and without installing what only they need)
#
# Exit codes: 0 all passed, 1 a step failed, 2 something is missing or the usage is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fast=false
for argument in "$@"; do
    case $argument in
        --fast) fast=true ;;
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

install_packages() {
    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        if command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
            as_root=(sudo -n)
        else
            missing "as root: apt-get update && apt-get install --no-install-recommends ${packages[*]}"
        fi
    fi
    command -v apt-get > /dev/null || missing "the equivalents of these Debian packages: ${packages[*]}"
    "${as_root[@]}" apt-get update -q \
        && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "${packages[@]}"
}

# The lock file that was installed from is kept beside the modules: times mean nothing after a checkout.
node_modules_fresh() { cmp -s tests/browser/package-lock.json tests/browser/node_modules/.installed-from; }

install_node_modules() {
    (cd tests/browser && npm ci --no-audit --no-fund && cp package-lock.json node_modules/.installed-from)
}

# ---- the run

require_rust
want git git
want cc gcc libc6-dev
if [[ $fast == false ]]; then
    require_node
    [[ -x ${CHROMIUM:-} ]] || want chromium chromium fonts-liberation
    # The Nu HTML checker is a Java program.
    want java default-jre-headless
    # docs/hosting.md is tried on what it is written for.
    [[ -x /usr/sbin/nginx ]] || want nginx nginx-light
    want caddy caddy
fi

[[ ${#packages[@]} == 0 ]] || step "install ${packages[*]}" install_packages
if [[ $fast == false ]] && ! node_modules_fresh; then
    step 'install Node modules' install_node_modules
fi

step 'formatting' cargo fmt --check
step 'clippy' cargo clippy --locked --all-targets -- -D warnings
# Three minutes to compile, so it is not installed here; nor does it ask the network for advisories.
if cargo deny --version > /dev/null 2>&1; then
    step 'licences and sources' cargo deny --locked --offline check licenses bans sources
else
    summary+=('  - licences and sources     left out: cargo-deny is not installed')
fi
if cargo nextest --version > /dev/null 2>&1; then
    step 'tests' cargo nextest run --locked
    step 'documentation examples' cargo test --locked --doc
else
    step 'tests' cargo test --locked
fi

if [[ $fast == false ]]; then
    # They read what others have written to test by, which comes with the Node modules.
    step 'conformance suites' cargo test --locked --lib suite -- --ignored
    step 'optimised build' cargo build --locked --profile quick
    # The browser tests must see what was just built, wherever the user's settings put it.
    target=$(cargo metadata --locked --no-deps --format-version 1 \
        | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')
    # One file after the other: what the preview's tests measure is time.
    step 'browser tests' env PERSONARY="$target/quick/personary" \
        node --test --test-concurrency=1 --test-reporter=spec tests/browser/*.test.mjs
fi

finish 0
