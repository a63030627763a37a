#!/usr/bin/env bash
# Imports the dashboards, and makes the alerting rule where it is not there yet. Safe to run again: what
# was imported is overwritten, a rule that somebody changed stays.
set -euo pipefail
cd "$(dirname "$0")"
answer=$(mktemp)

ask() {
  curl --silent --show-error --retry 10 --retry-delay 3 --retry-connrefused \
    --user "elastic:${ELASTIC_PASSWORD}" --header 'kbn-xsrf: wirewatch' --output "$answer" \
    --write-out '%{http_code}' "$@"
}

fail() {
  echo "$1" >&2
  cat "$answer" >&2
  exit 1
}

status=$(ask --form file=@wirewatch.ndjson "${KIBANA_URL}/api/saved_objects/_import?overwrite=true")
[[ $status == 200 ]] && grep -q '"success":true' "$answer" || fail "the dashboards were not imported ($status)"

status=$(ask --header 'Content-Type: application/json' --data @new-sanctions.rule.json \
  "${KIBANA_URL}/api/alerting/rule/wirewatch-new-sanctions")
[[ $status == 200 || $status == 409 ]] || fail "the alerting rule was not made ($status)"
echo "dashboards imported"
