#!/usr/bin/env bash
# Makes a release for Linux: one static program, compiled twice in two folders, which must come out the same, byte for byte.
#
# usage: tests/release.sh [--train] [--into FOLDER] [--commit REVISION] [--profile PROFILE] [--target TRIPLE]
#   --train     makes no release but what one is compiled with: counts how often each part of the program runs at its usual
#               work, and puts the counts into tests/release, to be committed
#   --into      where the archive and its checksum go (dist in the target folder)
#   --commit    what to release (HEAD); what is not committed is not in it
#   --profile   Cargo's profile (release); another one is for trying out this script
#   --target    what to compile for (this machine, musl where its standard library is installed)
#
# Exit codes: 0 made, 1 the two differ or the program does not do what it should, 2 the usage is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

commit=HEAD profile=release into='' target='' train=false
while (($#)); do
    case $1 in
        --train) train=true; shift ;;
        -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        --into | --commit | --profile | --target)
            (($# > 1)) || { echo "release.sh: $1 wants a value (try --help)" >&2; exit 2; }
            printf -v "${1#--}" %s "$2"
            shift 2
            ;;
        *) echo "release.sh: unknown argument '$1' (try --help)" >&2; exit 2 ;;
    esac
done

fail() { echo "release.sh: $*" >&2; exit 1; }

commit=$(git rev-parse --verify --quiet "$commit^{commit}") || { echo 'release.sh: no such revision' >&2; exit 2; }
version=$(git show "$commit:Cargo.toml" | sed -n 's/^version = "\(.*\)"/\1/p' | head -n 1)
host=$(rustc -vV | sed -n 's/^host: //p')
if [[ -z $target ]]; then
    target=$host
    musl=${host%-gnu}-musl
    [[ ! -d $(rustc --print sysroot)/lib/rustlib/$musl/lib ]] || target=$musl
fi
if [[ -z $into ]]; then
    into=$(cargo metadata --locked --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/dist
fi
mkdir -p "$into"
into=$(cd "$into" && pwd)

work=$(mktemp -d)
server=''
trap '[[ -z $server ]] || kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT

# ---- the same sources, in two places whose names are of different length

# All that could differ between two machines and is not the compiler: the clock, the folders, the settings of the user.
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0 LC_ALL=C TZ=UTC
SOURCE_DATE_EPOCH=$(git show -s --format=%ct "$commit")
umask 022
crates=${CARGO_HOME:-$HOME/.cargo}
# Names of functions stay, so that a crash can be told; lines would take a second file.
export "CARGO_PROFILE_${profile^^}_STRIP=debuginfo" "CARGO_PROFILE_${profile^^}_DEBUG=0"
unset RUSTFLAGS CFLAGS

# What the counts are good for: a function is found by a name that depends on all of this.
counts=tests/release/$target.profdata
made_of() {
    rustc -vV
    echo "src: $(git rev-parse "$commit:src")"
    echo "Cargo.toml: $(git rev-parse "$commit:Cargo.toml")"
    echo "Cargo.lock: $(git rev-parse "$commit:Cargo.lock")"
}

# compile FOLDER [FLAG] → FOLDER/personary, with this flag for rustc as well
compile() {
    local folder=$1 flags maps
    mkdir -p "$folder/source"
    git archive "$commit" | tar -x -C "$folder/source"
    maps=("$folder/source=/personary" "$folder/target=/target" "$crates=/cargo")
    flags=$(printf '\x1f--remap-path-prefix=%s' "${maps[@]}")
    # Compilers of C write where they stood as well.
    (
        cd "$folder/source"
        export CARGO_ENCODED_RUSTFLAGS="-Ctarget-feature=+crt-static$flags${2:+$'\x1f'$2}"
        export "CFLAGS_${target//-/_}=$(printf ' -ffile-prefix-map=%s' "${maps[@]}")"
        cargo build --locked --quiet --profile "$profile" --target "$target" --target-dir "$folder/target" --bin personary
    )
    mv "$folder/target/$target/$profile/personary" "$folder/personary"
    rm -rf "$folder/target"
}

# ---- running a preview

# serve PROJECT COMMAND… starts the program, by that command, as the preview of a project
serve() {
    local project=$1 waited
    shift
    "$@" "$program" -C "$project" serve --no-cache --host localhost --port 0 > "$work/log" 2>&1 &
    server=$!
    for ((waited = 0; waited < 100; waited++)); do
        port=$(sed -n 's|.*http://[^/]*:\([0-9]*\)/.*|\1|p' "$work/log" | head -n 1)
        [[ -z $port ]] || return 0
        sleep 0.1
    done
    fail "serve: no address: $(cat "$work/log")"
}

# ask PATH prints what the preview answers
ask() {
    exec 3<> "/dev/tcp/127.0.0.1/$port"
    printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$1" "$port" >&3
    tr -d '\0' <&3
    exec 3>&-
}

stop() {
    kill "$server"
    wait "$server" || fail "serve: it did not end well: $(cat "$work/log")"
    server=''
}

# ---- how often each part runs

# What people do with a library of a size that is common, and of one that is not; another day than the benchmarks have.
exercise() {
    local library=$work/library persona
    "$program" init "$library" --personas 1000 --as-of 2026-03-01 &> "$work/log"
    git -C "$library" init --quiet
    git -C "$library" add .
    git -C "$library" -c user.name=nobody -c user.email=nobody@example.com -c commit.gpgsign=false commit --quiet --message library
    for project in "$library" "$work/one/source"; do
        "$program" -C "$project" check &> "$work/log" || true
        "$program" -C "$project" build --drafts -o "$work/site" &> "$work/log"
        "$program" -C "$project" build --drafts -o "$work/site" &> "$work/log"
        rm -rf "$work/site"
    done
    persona=$(find "$library/content/personas" -name '*.md' | sort | sed -n 500p)
    serve "$library" env
    for ((turn = 0; turn < 20; turn++)); do
        sed -i "s/^summary:.*/summary: Turn $turn/" "$persona"
        sleep 0.1
        [[ $(ask "/personas/$(basename "$persona" .md)/") == *"Turn $turn"* ]] || fail "serve: turn $turn is not on the page"
    done
    stop
    "$program" -C "$library" diff HEAD &> "$work/log" || true
}

if $train; then
    merge=$(rustc --print sysroot)/lib/rustlib/$host/bin/llvm-profdata
    [[ -x $merge ]] || fail "llvm-profdata is missing: rustup component add llvm-tools"
    echo "compiling $version for $target, profile $profile, to count with"
    compile "$work/one" "-Cprofile-generate=$work/counted"
    program=$work/one/personary
    exercise
    mkdir -p "${counts%/*}"
    # What never ran is left out: four fifths of the size.
    "$merge" merge --sparse -o "$counts" "$work/counted"
    made_of > "${counts%.profdata}.txt"
    echo "$(stat -c %s "$counts") bytes, to be committed: $counts"
    exit 0
fi

# ---- compiling

# A release is compiled with counts where there are some for the target, the same ones every time.
use=() counted='without counts'
if git show "$commit:$counts" > "$work/counts" 2> "$work/log"; then
    use=("-Cprofile-use=$work/counts") counted='with counts of these sources'
    if [[ $(made_of) != "$(git show "$commit:${counts%.profdata}.txt")" ]]; then
        counted='with counts of other sources or another compiler, which help less (--train makes new ones)'
    fi
fi

for folder in "$work/one" "$work/another/folder"; do
    echo "compiling $version for $target, profile $profile, $counted, in $folder"
    compile "$folder" "${use[@]}"
    sha256sum "$folder/personary"
done
cmp "$work/one/personary" "$work/another/folder/personary" || fail 'the two differ: the release cannot be made again'

# ---- what it must do, on any Linux

program=$work/one/personary
sample=$work/one/source
tried=$work/tried
[[ $("$program" --version) == "personary $version" ]] || fail "it says it is $("$program" --version)"
[[ $(readelf -lW "$program") != *INTERP* ]] || fail 'it is not static: it asks for a loader'
[[ $(readelf -dW "$program") != *NEEDED* ]] || fail 'it is not static: it asks for libraries'
if grep -aqF -e "$work" -e "$crates" "$program"; then fail 'folders of this machine stand in it'; fi
# Nothing but the program and the sample is there: no theme to find, no library to load, no variable that helps.
alone=(env -i PATH="$PATH" HOME="$work" SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH")
"${alone[@]}" "$program" -C "$sample" check &> "$tried.check" || fail "check: $(cat "$tried.check")"
"${alone[@]}" "$program" -C "$sample" build -o "$tried" &> "$tried.build" || fail "build: $(cat "$tried.build")"
grep -q '<h1' "$tried/index.html" || fail 'the home page that was built has no heading'

serve "$sample" "${alone[@]}"
answer=$(ask /)
[[ $answer == 'HTTP/1.1 200'*'<h1'* ]] || fail "serve: ${answer:0:300}"
stop

# ---- the archive

name=personary-$version-$target
mkdir "$work/$name"
cp "$program" "$sample"/{README.md,CHANGELOG.md,LICENSE-MIT,LICENSE-APACHE} "$work/$name/"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" \
    | gzip -n9 > "$into/$name.tar.gz"
cp "$program" "$into/$name"
(cd "$into" && sha256sum "$name" "$name.tar.gz" | tee "$name.sha256")

echo "$(rustc --version); $(cc --version | head -n 1); commit $commit; $counted"
printf '%s bytes, static, the same twice: %s\n' "$(stat -c %s "$into/$name")" "$into/$name"
