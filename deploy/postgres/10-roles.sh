#!/bin/bash
# Run once by the postgres image, when the volume is empty: roles, their passwords, the database.
set -euo pipefail
here=/docker-entrypoint-initdb.d/sql
psql -X -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -f "$here/roles.sql"
# Passwords travel by standard input, never on a command line or in the environment.
psql -X -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres <<SQL
SET log_statement = 'none';
SET password_encryption = 'scram-sha-256';
ALTER ROLE aset_owner PASSWORD '$(cat /run/secrets/owner_password)';
ALTER ROLE aset_app PASSWORD '$(cat /run/secrets/app_password)';
SQL
psql -X -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -f "$here/database.sql"
