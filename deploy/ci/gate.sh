#!/usr/bin/env bash
# Runs `auditor gate` on a pull request and tells its verdict everywhere a reviewer looks: annotations, the job's summary,
# code scanning, a comment. Ends with the gate's exit code; what cannot be told is a warning and changes nothing.
#
# Everything comes from the environment, and nothing of it is evaluated:
#   AUDITOR_PATH       the code; default .
#   AUDITOR_BASE       the branch that the pull request goes to; empty: all findings of the code are told
#   AUDITOR_ARGUMENTS  further arguments of the gate, one a line
#   AUDITOR_OUT        the folder for the reports; default auditor-report
#   AUDITOR_COMMENT, AUDITOR_SARIF, AUDITOR_SUGGEST   true or false
#   AUDITOR_ROLE       on GitHub: the ARN of an IAM role that trusts GitHub's tokens; the account is compared as well
set -uo pipefail

out=${AUDITOR_OUT:-auditor-report}
path=${AUDITOR_PATH:-.}
base=${AUDITOR_BASE:-}
mkdir -p "$out"

say() { printf '%s\n' "auditor: $1" >&2; }

# A gate compares with the merge base. In a clone without it, it can only say that it could not look.
if [ -n "$base" ]; then
    remote="origin/$base"
    git rev-parse --verify --quiet "$remote^{commit}" >/dev/null || remote="$base"
    if ! git merge-base "$remote" HEAD >/dev/null 2>&1; then
        if [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = true ]; then
            say "this clone is shallow, so the merge base with $base is not in it."
            say "Fetch the whole history: fetch-depth: 0 with actions/checkout, GIT_DEPTH: \"0\" in GitLab."
        else
            say "$base and HEAD have no common commit here. Fetch the branch: git fetch origin $base"
        fi
        exit 3
    fi
fi

arguments=("$path")
[ -n "$base" ] && arguments+=(--base "$remote")
while IFS= read -r line; do
    [ -n "$line" ] && arguments+=("$line")
done <<<"${AUDITOR_ARGUMENTS:-}"

# The SDK takes GitHub's token to the role by itself; the token is in a file that only this job can read.
if [ -n "${AUDITOR_ROLE:-}" ] && [ -n "${GITHUB_ACTIONS:-}" ]; then
    token=$(umask 077 && mktemp)
    trap 'rm -f "$token"' EXIT
    if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
        say "the account is not compared: the job gets no identity. It needs permissions: {id-token: write}. The pull"
        say "request of a fork gets none."
    elif python3 -I - "$token" <<'PYTHON'; then
import json, os, sys, urllib.request
asked = urllib.request.Request(os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=sts.amazonaws.com")
asked.add_header("Authorization", "bearer " + os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
with urllib.request.urlopen(asked, timeout=30) as answer:
    open(sys.argv[1], "w").write(json.load(answer)["value"])
PYTHON
        export AWS_ROLE_ARN="$AUDITOR_ROLE" AWS_WEB_IDENTITY_TOKEN_FILE="$token"
        arguments+=(--live account)
    else
        say "the account is not compared: GitHub gave no identity token"
    fi
fi

formats=(--format "json=$out/gate.json" --format "markdown=$out/comment.md" --format "sarif=$out/gate.sarif"
    --format "junit=$out/junit.xml" --format "codequality=$out/codequality.json")
if [ -n "${GITHUB_ACTIONS:-}" ]; then formats+=(--format annotations); else formats+=(--format text); fi

auditor gate "${arguments[@]}" "${formats[@]}"
code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -s "$out/comment.md" ]; then
    cat "$out/comment.md" >>"$GITHUB_STEP_SUMMARY"
fi

if [ "${AUDITOR_COMMENT:-true}" = true ] && [ -s "$out/gate.json" ]; then
    suggest=()
    [ "${AUDITOR_SUGGEST:-false}" = true ] && suggest=(--suggest)
    if [ -n "${GITLAB_CI:-}" ]; then
        auditor comment gitlab "$out/gate.json" || say "the comment could not be written"
    elif [ -n "${GITHUB_ACTIONS:-}" ] && [ -n "$base" ]; then
        auditor comment github "$out/gate.json" ${suggest[@]+"${suggest[@]}"} || say "the comment could not be written"
    fi
fi

if [ "${AUDITOR_SARIF:-false}" = true ] && [ -n "${GITHUB_ACTIONS:-}" ] && [ -s "$out/gate.sarif" ]; then
    if [ -z "${GITHUB_TOKEN:-}" ]; then
        say "nothing is uploaded to code scanning: GITHUB_TOKEN is empty. Give the step the token, and the job"
        say "permissions: {security-events: write}. The pull request of a fork gets a token that only reads."
    elif python3 -I - "$out/gate.sarif" "$out/upload.json" <<'PYTHON' &&
import base64, gzip, json, os, sys
text = open(sys.argv[1], "rb").read()
told = {"commit_sha": os.environ["GITHUB_SHA"], "ref": os.environ["GITHUB_REF"], "tool_name": "auditor",
        "sarif": base64.b64encode(gzip.compress(text)).decode()}
json.dump(told, open(sys.argv[2], "w"))
PYTHON
        GH_TOKEN="$GITHUB_TOKEN" gh api --method POST "repos/$GITHUB_REPOSITORY/code-scanning/sarifs" \
            --input "$out/upload.json" >/dev/null; then
        say "uploaded to code scanning"
    else
        say "code scanning did not take the report. The job needs permissions: {security-events: write}, and code"
        say "scanning has to be on for the repository. The pull request of a fork gets a token that only reads."
    fi
fi

exit "$code"
