#!/bin/sh
# Makes kg/serve/static/editor.js (committed) from scripts/make_editor/ with the exact versions of its lock file.
# Needs Node 20 or later and npm. The same sources and lock file give the same bytes.
set -eu
cd "$(dirname "$0")/make_editor"
npm ci --ignore-scripts --no-audit --no-fund
node build.js
