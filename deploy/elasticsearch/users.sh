#!/usr/bin/env bash
# Gives Kibana's own user its password, and Wirewatch a user that may do what it must and no more.
# Run again, it sets the same again. Passwords: letters and digits, as they stand in JSON unescaped.
set -euo pipefail

ask() {
  curl --silent --show-error --fail --retry 10 --retry-delay 3 --retry-connrefused \
    --user "elastic:${ELASTIC_PASSWORD}" --header 'Content-Type: application/json' \
    --request "$1" "${ELASTICSEARCH_URL}$2" --data "$3"
  echo
}

for password in "$KIBANA_PASSWORD" "$WIREWATCH_PASSWORD"; do
  [[ $password =~ ^[A-Za-z0-9]{12,}$ ]] || { echo "passwords: 12 letters and digits at least" >&2; exit 2; }
done

ask POST /_security/user/kibana_system/_password "{\"password\": \"${KIBANA_PASSWORD}\"}"
ask PUT /_security/role/wirewatch '{
  "cluster": ["monitor", "manage_index_templates"],
  "indices": [{
    "names": ["wirewatch-*"],
    "privileges": ["read", "write", "create_index", "view_index_metadata", "manage"]
  }]
}'
ask PUT /_security/user/wirewatch "{\"password\": \"${WIREWATCH_PASSWORD}\", \"roles\": [\"wirewatch\"]}"
