-- The roles and the database (docs/architecture.md, "Three database roles"). Run as the cluster's superuser; safe to run again.
-- Used by bin/run on one machine and by docker-compose.yml on a server. Passwords, where there are any, are set by the caller.

SELECT 'CREATE ROLE aset_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aset_owner') \gexec
SELECT 'CREATE ROLE aset_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aset_app') \gexec
ALTER ROLE aset_owner NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;
ALTER ROLE aset_app NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;

-- A web request or a sweep that hangs must let go of its locks; migrations, run by the owner, may take longer.
ALTER ROLE aset_app SET statement_timeout = '30s';
ALTER ROLE aset_app SET lock_timeout = '5s';
ALTER ROLE aset_app SET idle_in_transaction_session_timeout = '60s';
-- A host that lost power must not hold locks for the kernel's two hours.
ALTER ROLE aset_app SET tcp_keepalives_idle = 30;
ALTER ROLE aset_app SET client_connection_check_interval = '10s';
-- A receipt is shown only for what is on disk.
ALTER ROLE aset_app SET synchronous_commit = on;
