#!/usr/bin/env bash
# Makes a release for Linux: one static program, compiled twice in two folders, which must come out the same, byte for byte.
#
# usage: tests/release.sh [--into FOLDER] [--commit REVISION] [--profile PROFILE] [--target TRIPLE]
#   --into      where the archive and its checksum go (dist in the target folder)
#   --commit    what to release (HEAD); what is not committed is not in it
#   --profile   Cargo's profile (release); another one is for trying out this script
#   --target    what to compile for (this machine, musl where its standard library is installed)
#
# Exit codes: 0 made, 1 the two differ or the program does not do what it should, 2 the usage is wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

commit=HEAD profile=release into='' target=''
while (($#)); do
    case $1 in
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
trap 'rm -rf "$work"' EXIT

# ---- the same sources, in two places whose names are of different length

# All that could differ between two machines and is not the compiler: the clock, the folders, the settings of the user.
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0 LC_ALL=C TZ=UTC
SOURCE_DATE_EPOCH=$(git show -s --format=%ct "$commit")
umask 022
crates=${CARGO_HOME:-$HOME/.cargo}
# Names of functions stay, so that a crash can be told; lines would take a second file.
export "CARGO_PROFILE_${profile^^}_STRIP=debuginfo" "CARGO_PROFILE_${profile^^}_DEBUG=0"
unset RUSTFLAGS CFLAGS

# compile FOLDER → FOLDER/personary
compile() {
    local folder=$1 flags maps
    mkdir -p "$folder/source"
    git archive "$commit" | tar -x -C "$folder/source"
    maps=("$folder/source=/personary" "$folder/target=/target" "$crates=/cargo")
    flags=$(printf '\x1f--remap-path-prefix=%s' "${maps[@]}")
    # Compilers of C write where they stood as well.
    (
        cd "$folder/source"
        export CARGO_ENCODED_RUSTFLAGS="-Ctarget-feature=+crt-static$flags"
        export "CFLAGS_${target//-/_}=$(printf ' -ffile-prefix-map=%s' "${maps[@]}")"
        cargo build --locked --quiet --profile "$profile" --target "$target" --target-dir "$folder/target" --bin personary
    )
    mv "$folder/target/$target/$profile/personary" "$folder/personary"
    rm -rf "$folder/target"
}

for folder in "$work/one" "$work/another/folder"; do
    echo "compiling $version for $target, profile $profile, in $folder"
    compile "$folder"
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

"${alone[@]}" "$program" -C "$sample" serve --host localhost --port 0 > "$tried.log" 2>&1 &
server=$!
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
for ((waited = 0; waited < 100; waited++)); do
    port=$(sed -n 's|.*http://[^/]*:\([0-9]*\)/.*|\1|p' "$tried.log" | head -n 1)
    [[ -z $port ]] || break
    sleep 0.1
done
[[ -n $port ]] || fail "serve: no address: $(cat "$tried.log")"
exec 3<> "/dev/tcp/127.0.0.1/$port"
printf 'GET / HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$port" >&3
answer=$(tr -d '\0' <&3)
[[ $answer == 'HTTP/1.1 200'*'<h1'* ]] || fail "serve: ${answer:0:300}"
kill "$server"

# ---- the archive

name=personary-$version-$target
mkdir "$work/$name"
cp "$program" "$sample"/{README.md,CHANGELOG.md,LICENSE-MIT,LICENSE-APACHE} "$work/$name/"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" \
    | gzip -n9 > "$into/$name.tar.gz"
cp "$program" "$into/$name"
(cd "$into" && sha256sum "$name" "$name.tar.gz" | tee "$name.sha256")

echo "$(rustc --version); $(cc --version | head -n 1); commit $commit"
printf '%s bytes, static, the same twice: %s\n' "$(stat -c %s "$into/$name")" "$into/$name"
