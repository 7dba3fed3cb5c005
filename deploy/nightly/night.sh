#!/bin/sh
# What the nightly task runs, and any other machine may: each account is read with a role of its own, and one that cannot
# be read hinders none of the others. The exit code is the worst of all. Settings come from the environment:
#   READ_ROLES   ARNs of roles, with blanks between them; empty: the account of the credentials
#   EXTERNAL_ID  the external ID that they ask for
#   BASELINES, REGIONS  names, with blanks between them
#   CREDENTIALS  where the credentials are that assume the roles: EcsContainer (default), Ec2InstanceMetadata, Environment
# and AUDITOR_* (AUDITOR_STORE, AUDITOR_FAIL_ON, ...) as in auditor's configuration.
set -u

scratch=${SCRATCH:-/scratch}
worst=0

check() {
    # Findings are what a night is for: the gauges tell them, and 1 is no failure of the task.
    # Blanks part names here, so these are split.
    # shellcheck disable=SC2086
    set -- "$@" $(for each in ${BASELINES:-}; do printf -- '--baseline %s ' "$each"; done) \
        $(for each in ${REGIONS:-}; do printf -- '--region %s ' "$each"; done)
    auditor check --format text --format "emf=$scratch/gauges.json" "$@"
    code=$?
    if [ -s "$scratch/gauges.json" ]; then
        cat "$scratch/gauges.json"
        rm -f "$scratch/gauges.json"
    fi
    [ "$code" -eq 1 ] && code=0
    [ "$code" -gt "$worst" ] && worst=$code
    return 0
}

if [ -z "${READ_ROLES:-}" ]; then
    check
    exit "$worst"
fi

# One profile a role: the SDK assumes it, and again when its session ends.
export AWS_CONFIG_FILE="$scratch/aws-config"
: >"$AWS_CONFIG_FILE" || exit 2
number=0
for role in $READ_ROLES; do
    number=$((number + 1))
    {
        printf '[profile account%s]\nrole_arn = %s\ncredential_source = %s\n' "$number" "$role" "${CREDENTIALS:-EcsContainer}"
        printf 'role_session_name = auditor\n'
        [ -z "${EXTERNAL_ID:-}" ] || printf 'external_id = %s\n' "$EXTERNAL_ID"
        [ -z "${AWS_DEFAULT_REGION:-}" ] || printf 'region = %s\n' "$AWS_DEFAULT_REGION"
    } >>"$AWS_CONFIG_FILE"
done
number=0
for role in $READ_ROLES; do
    number=$((number + 1))
    echo "as $role"
    check --profile "account$number"
done
exit "$worst"
