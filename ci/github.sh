#!/usr/bin/env bash
# What action.yml runs: annotations, the summary of the job, one comment that is kept up to date.
# It takes everything from its environment, so that it can be run by hand and in tests:
#
#   PERSONARY               the command
#   PERSONARY_DIRECTORY     the project's folder
#   PERSONARY_BASE          the revision to compare with
#   PERSONARY_FAIL_ON       breaking, review, info or never
#   PERSONARY_NEW_FINDINGS  error, warn or never
#   PERSONARY_COMMENT       true to comment
#   PERSONARY_PULL_REQUEST  the number of the pull request; empty outside one
#   PERSONARY_PREVIEW       true to build the compared site
#   GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_RUN_ID, RUNNER_TEMP
#
# It ends well when it could tell; how the review came out is in the output `code` (0 nothing at or
# above the level, 1 something, 2 wrong usage, 3 a side could not be read).
set -euo pipefail

marker='<!-- personary:review -->'
work=$RUNNER_TEMP/personary-review
rm -rf "$work"
mkdir -p "$work"
report=$work/review.html
comment=$work/review.md
run_url=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
project=(-C "${PERSONARY_DIRECTORY:-.}")

output() { printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"; }
notice() { printf '::notice title=Personary::%s\n' "$1"; }

# ---- the base

base=${PERSONARY_BASE:-}
if [[ -z $base || $base =~ ^0+$ ]]; then
    notice 'There is no commit to compare with, so nothing was compared.'
    output result clean
    output code 0
    exit 0
fi
# A clone for a check holds one commit; the base is one more.
if ! git -C "${project[1]}" cat-file -e "$base^{commit}" 2> /dev/null; then
    git -C "${project[1]}" fetch --quiet --no-tags --depth=1 origin "$base" \
        || notice "The commit $base could not be fetched."
fi

# ---- the review

limits=(--fail-on "${PERSONARY_FAIL_ON:-breaking}")
[[ ${PERSONARY_NEW_FINDINGS:-error} == never ]] || limits+=(--new-findings "${PERSONARY_NEW_FINDINGS:-error}")
# Where the repository has such a file, the report says whom it asks and whom it does not.
top=$(git -C "${project[1]}" rev-parse --show-toplevel)
for file in .github/CODEOWNERS CODEOWNERS docs/CODEOWNERS; do
    if [[ -e $top/$file ]]; then
        limits+=(--codeowners)
        break
    fi
done

diff() { "$PERSONARY" "${project[@]}" diff "$base" "$@"; }

# The annotations go to the log of the job, where GitHub reads them.
code=0
diff --format github "${limits[@]}" || code=$?
if [[ $code -gt 1 ]]; then
    output result error
    output code "$code"
    {
        printf '### Personary could not compare this change\n\n'
        printf 'The log of the step says why (exit code %s).\n' "$code"
    } >> "$GITHUB_STEP_SUMMARY"
    exit 0
fi
diff --format html --output "$report" "${limits[@]}" > /dev/null || [[ $? == 1 ]]
diff --format markdown --output "$comment" --report-url "$run_url" "${limits[@]}" > /dev/null || [[ $? == 1 ]]
output report "$report"
output code "$code"
if [[ $code == 0 ]]; then output result clean; else output result changes; fi

# ---- the comment

# Writes the report into the one comment that holds the marker. A token that may not, as in pull
# requests from forks, is no failure.
tell() {
    local issue=repos/$GITHUB_REPOSITORY/issues id
    id=$(gh api --paginate "$issue/$PERSONARY_PULL_REQUEST/comments?per_page=100" \
        --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1) || return 1
    { printf '%s\n' "$marker"; cat "$comment"; } > "$comment.body"
    if [[ -n $id ]]; then
        gh api --method PATCH "$issue/comments/$id" --field "body=@$comment.body" --silent
    else
        gh api --method POST "$issue/$PERSONARY_PULL_REQUEST/comments" --field "body=@$comment.body" --silent
    fi
}

if [[ ${PERSONARY_COMMENT:-true} == true && -n ${PERSONARY_PULL_REQUEST:-} ]] && ! tell 2> "$work/gh.log"; then
    notice 'The report could not be written as a comment (the token may only read, as in pull requests from forks). It is in the summary of this job.'
fi
cat "$comment" >> "$GITHUB_STEP_SUMMARY"

# ---- the preview

if [[ ${PERSONARY_PREVIEW:-false} == true ]]; then
    if "$PERSONARY" "${project[@]}" build --compare "$base" --drafts --keep-going --format concise --output "$work/preview"; then
        output preview "$work/preview"
    elif [[ $? == 1 && -d $work/preview ]]; then
        output preview "$work/preview"
    else
        notice 'The preview could not be built; the log of this step says why.'
    fi
fi
