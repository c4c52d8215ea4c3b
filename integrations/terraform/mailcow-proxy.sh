#!/bin/sh
# A program for the external data source of Terraform and OpenTofu. Standard input is its query, a JSON object of strings:
# description (YAML or JSON), and targets (separated by commas; empty for those of the description). Standard output is a
# JSON object of strings as well: files is the array that schemas/files.schema.json describes, as JSON.
# It needs jq and mailcow-proxy in the PATH.
set -eu

query=$(cat)
description=$(printf '%s' "$query" | jq -r '.description // empty')
targets=$(printf '%s' "$query" | jq -r '.targets // empty')
if [ -z "$description" ]; then
    echo 'The query has no description.' >&2
    exit 2
fi

# A pipe would have the exit status of its last command.
files=$(printf '%s\n' "$description" | mailcow-proxy generate - ${targets:+--target "$targets"} --format json)
printf '%s' "$files" | jq '{files: (.files | tojson)}'
